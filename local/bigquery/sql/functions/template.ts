import { duckType } from '../printer/duck-sql.ts'
import type { Call, Rule } from './rule.ts'

const hole = /\{(\*|type|\d+)(?:\|([^}]*))?\}/g

/** Prints a call by its rule; a template that names an argument which the call lacks is a fault of ours. */
export function applyRule(rule: Rule, call: Call): string {
  if (typeof rule === 'function') return rule(call)
  return rule.replace(hole, (_, name: string, otherwise?: string) => {
    if (name === '*') return call.args().join(', ')
    if (name === 'type') return duckType(call.type)
    const argument = call.optional(Number(name)) ?? otherwise
    if (argument === undefined) throw new Error(`${call.name} has no argument ${name}`)
    return argument
  })
}
