import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { typeName } from '../analyzer/sql-type.ts'
import { printExpression } from '../printer/expressions.ts'
import { printJavaScriptCall } from '../printer/javascript-calls.ts'
import { holdsSubquery } from '../printer/outer-columns.ts'
import { fresh, type Scope } from '../printer/scope.ts'
import { type Call, findRule, type Rules } from './rule.ts'
import { scalarRules } from './scalar-rules.ts'
import { printSafe, printSafeArithmetic } from './safe.ts'
import { applyRule } from './template.ts'

/** A call of a scalar function; a function without a rule is refused. */
export function printCall(node: ResolvedNode, scope: Scope): string {
  const isSafe = node.text('errorMode') === 'SAFE_ERROR_MODE'
  const catches = isSafe || /^safe_|error$/.test(functionName(node))
  if (isSafe || functionName(node).startsWith('safe_')) {
    const subqueries = node.nodes('argumentList').filter((argument) => {
      return holdsSubquery(argument) && !scope.computed?.has(argument.source)
    })
    if (subqueries.length > 0) return printAfter(subqueries, node, scope)
  }
  const call = readCall(node, catches ? { ...scope, isTried: true } : scope)
  const key = /^JavaScript (.*):[^:]*$/.exec(fullName(node))?.[1]
  const routine = key === undefined ? undefined : scope.context.routine?.(key)
  const sql = routine ? printJavaScriptCall(routine, call) : applyFrom(scalarRules, call)
  return isSafe ? printSafe(sql, call) : printSafeArithmetic(sql, call)
}

/** The call of arguments that are computed before it: DuckDB has no subqueries in TRY. */
function printAfter(subqueries: ResolvedNode[], node: ResolvedNode, scope: Scope): string {
  const computed = new Map(scope.computed)
  const items = subqueries.map((argument) => {
    const name = fresh(scope, '_s')
    const value = printExpression(argument, scope)
    computed.set(argument.source, name)
    return `${value} AS ${name}`
  })
  const call = printCall(node, { ...scope, computed })
  return `(SELECT ${call} FROM (SELECT ${items.join(', ')}) ${fresh(scope)})`
}

export function readCall(node: ResolvedNode, scope: Scope): Call {
  const nodes = node.nodes('argumentList')
  const printed = new Map<number, string>()
  const optional = (index: number): string | undefined => {
    const argument = nodes[index]
    if (!argument) return undefined
    const sql = printed.get(index) ?? printExpression(argument, scope)
    printed.set(index, sql)
    return sql
  }
  return {
    name: functionName(node),
    type: node.type(),
    types: nodes.map((argument) => argument.type()),
    nodes,
    optional,
    arg: (index) => optional(index) ?? missing(node, index),
    args: () => nodes.map((_, index) => optional(index) ?? ''),
    scope,
  }
}

function applyFrom(rules: Rules, call: Call): string {
  const rule = findRule(rules, call.name, call.types)
  if (rule === undefined) throw notSupported(described(call))
  return applyRule(rule, call)
}

/** For refusals: `SOUNDEX(STRING)`. */
export function described({ name, types }: Call): string {
  const title = name.startsWith('$') ? `operator ${name.slice(1)}` : name.toUpperCase()
  return `${title}(${types.map(typeName).join(', ')})`
}

/** `ZetaSQL:$add` and `BigQuery:max_by` without the group. */
function functionName(node: ResolvedNode): string {
  const name = fullName(node)
  // The spelling is our own way to tell the entries of a catalog apart.
  return name
    .slice(name.lastIndexOf(':') + 1)
    .toLowerCase()
    .replace(/^spelling \d+\./, '')
}

function fullName(node: ResolvedNode): string {
  return (node.message('function') as { name: string }).name
}

function missing(node: ResolvedNode, index: number): never {
  throw new Error(`${functionName(node)} has no argument ${index}`)
}
