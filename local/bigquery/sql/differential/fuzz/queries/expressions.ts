import { pick } from '../../awkward-rows.ts'
import { scalarRules } from './expression-rules.ts'
import type { Column, Maker } from './query-maker.ts'
import { randomSubquery } from './subqueries.ts'
import { isType, type Type, typedValue } from './types.ts'

/** A random expression of a type over columns that are in reach, and those from outside. */
export function randomExpression(type: Type, columns: Column[], maker: Maker, depth = 2): string {
  const { random } = maker
  const kind = random(depth > 0 ? 6 : 2)
  if (kind === 0) {
    const own = columns.filter((column) => column.type === type)
    const outer = maker.outer.filter((column) => column.type === type)
    const named = outer.length > 0 && random(3) === 2 ? outer : own
    return named.length > 0 ? pick(random, named).name : typedValue(type, random)
  }
  if (kind === 1) return typedValue(type, random)
  const subquery = kind === 2 ? randomSubquery(type, columns, maker) : undefined
  return subquery ?? fillRule(pick(random, scalarRules[type]), columns, maker, depth - 1)
}

/**
 * `{INT64}` in a rule stands for any expression of the type; `{INT64#1}` for the same one wherever
 * it stands, by which rows may be ordered; `{=INT64}` for a constant.
 */
export function fillRule(rule: string, columns: Column[], maker: Maker, depth = 1): string {
  const known = new Map<string, string>()
  return rule.replaceAll(/\{(=?)(\w+)(#\d)?\}/g, (hole, constant, type: string, label?: string) => {
    if (!isType(type)) throw new Error(`no type ${hole}`)
    if (constant === '=') return typedValue(type, maker.random)
    const text = known.get(hole) ?? enclosed(randomExpression(type, columns, maker, depth))
    if (!label) return text
    // No aggregate may be ordered by a literal.
    const value = known.get(hole) ?? (/^[a-z][\w.]*$/.test(text) ? text : `COALESCE(${text}, NULL)`)
    known.set(hole, value)
    return value
  })
}

function enclosed(text: string): string {
  return /^[\w.]+$/.test(text) ? text : `(${text})`
}
