import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import type { Call } from './rule.ts'

/**
 * SAFE.f(…): an error of f itself is NULL, an error of its arguments stays one. Arguments that may
 * fail are therefore evaluated before, outside of TRY.
 */
export function printSafe(sql: string, call: Call): string {
  refuseUncatchable(sql, call)
  const tried = `TRY(${sql})`
  const fallible = call.nodes.flatMap((node, index) =>
    isSurelyFine(node) ? [] : [call.arg(index)],
  )
  if (fallible.length === 0) return tried
  const evaluated = fallible.map((argument) => `WHEN ${argument} IS NULL THEN ${tried}`)
  return `CASE ${evaluated.join(' ')} ELSE ${tried} END`
}

const arithmetic = new Set(['add', 'subtract', 'multiply', 'divide', 'negate'])

/** SAFE_DIVIDE and its like: as with SAFE.f(…), an error of an argument stays one. */
export function printSafeArithmetic(sql: string, call: Call): string {
  if (!arithmetic.has(call.name.replace(/^safe_/, ''))) return sql
  const fallible = call.nodes.flatMap((node, index) => (cannotFail(node) ? [] : [call.arg(index)]))
  if (fallible.length === 0) return sql
  return `CASE WHEN ${fallible.map((argument) => `${argument} IS NOT NULL`).join(' AND ')} THEN ${sql} END`
}

/** Of nested calls each would be printed twice in the one around it. */
function cannotFail(node: ResolvedNode): boolean {
  if (node.kind === 'Cast') {
    return node.node('expr').type().kind === 'INT64' && cannotFail(node.node('expr'))
  }
  if (node.kind !== 'FunctionCall') return isSurelyFine(node)
  const { name } = node.message('function') as { name: string }
  return (
    arithmetic.has(/:safe_(\w+)$/.exec(name)?.[1] ?? '') &&
    node.nodes('argumentList').every(cannotFail)
  )
}

const plainKinds = new Set(['Literal', 'ColumnRef', 'Parameter', 'Constant', 'GetJsonField'])

/** Printed as it is, without work and without errors. */
export function isSurelyFine(node: ResolvedNode): boolean {
  return plainKinds.has(node.kind)
}

/** What raises refusals of its own, which must not be taken for errors of the query. */
const refusing =
  /\bjs_(?:json_keys|json_set|json_array_insert|user_function|parse_time_of_any_format|bignumeric_pow)\(|not supported by the local engine/

/**
 * COALESCE over functions in JavaScript makes DuckDB read freed memory when TRY catches an error; where it
 * can be it is printed as CASE there.
 */
export function refuseUncatchable(sql: string, call: Call): void {
  if (refusing.test(sql)) throw notSupported(`an error caught in ${call.name.toUpperCase()}`)
  if (!sql.includes('coalesce(') || !/\b(js_|bq\.)/.test(sql)) return
  throw notSupported(
    `COALESCE or IFNULL of computed values inside of SAFE.${call.name.toUpperCase()}`,
  )
}
