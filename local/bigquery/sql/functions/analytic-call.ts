import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printFrame } from '../printer/analytic-scan.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { literalValue } from '../printer/expressions.ts'
import type { Scope } from '../printer/scope.ts'
import { aggregateRules } from './aggregate-rules.ts'
import { printAggregate } from './aggregate-call.ts'
import { readCall } from './call.ts'
import type { Call } from './rule.ts'
import { discretePercentile } from './percentile.ts'

/** `window` makes OVER (…) with the frame that it is given. */
export function printAnalytic(
  node: ResolvedNode,
  window: (frame: string[]) => string,
  scope: Scope,
): string {
  const frame = printFrame(node.optionalNode('windowFrame'), scope)
  const call = readCall(node, scope)
  const isAggregate = Object.keys(aggregateRules).some((key) => key.split('(')[0] === call.name)
  if (isAggregate) {
    const sql = printAggregate(node, scope, window(frame))
    if (typeof sql === 'string') return sql
  }
  const template = windowRules[call.name]
  if (!template) throw notSupported(`window function ${call.name.toUpperCase()}`)
  const modifier = node.text('nullHandlingModifier')
  if (modifier === 'RESPECT_NULLS' && call.name.startsWith('percentile')) {
    throw notSupported(`${call.name.toUpperCase()} with RESPECT NULLS`)
  }
  if (call.nodes[2] && !isConstant(call.nodes[2])) {
    throw notSupported(`${call.name.toUpperCase()} with a default that is not constant`)
  }
  refuseNegativeOffset(call)
  const nulls = modifier === 'IGNORE_NULLS' ? ' IGNORE NULLS' : ''
  const sql = template
    .replace('{nulls}', nulls)
    .replaceAll(/\{(\d)(?:\|([^}]*))?\}/g, (_, i: string, otherwise?: string) => {
      return call.optional(Number(i)) ?? otherwise ?? ''
    })
    .replace('{percentile}', () => discretePercentile(call.nodes[1]))
  const over = sql.replace('{over}', () => window(frame))
  if (!call.name.startsWith('percentile') || call.types[0]?.kind !== 'FLOAT64') return over
  return withoutNan(over, `bool_or(isnan(${call.arg(0)})) ${window(frame)}`)
}

/** To BigQuery NaN is the least of all values, to DuckDB the greatest. */
function withoutNan(sql: string, hasNan: string): string {
  const words = 'not supported by the local engine: percentiles of values with NaN among them'
  return `(CASE WHEN ${hasNan} THEN CAST(js_error(${textLiteral(words)}) AS DOUBLE) ELSE ${sql} END)`
}

function refuseNegativeOffset({ name, nodes: [, offset] }: Call): void {
  if ((name !== 'lag' && name !== 'lead') || !offset) return
  const count = offset.kind === 'Literal' ? literalValue(offset).int64Value : undefined
  if (count === undefined || Number(count) >= 0) return
  const words = `The offset to the function ${name.toUpperCase()} must not be negative`
  throw new BigQueryError('invalidQuery', words, { location: 'query' })
}

function isConstant({ source }: ResolvedNode): boolean {
  return !/"columnId"|"resolvedSubqueryExprNode"/.test(JSON.stringify(source))
}

/** Functions that exist only with OVER. */
export const windowRules: Record<string, string | undefined> = {
  row_number: 'row_number() {over}',
  rank: 'rank() {over}',
  dense_rank: 'dense_rank() {over}',
  cume_dist: 'cume_dist() {over}',
  percent_rank: 'percent_rank() {over}',
  ntile: 'ntile({0}) {over}',
  lag: 'lag({0}, {1|1}, {2|NULL}) {over}',
  lead: 'lead({0}, {1|1}, {2|NULL}) {over}',
  first_value: 'first_value({0}{nulls}) {over}',
  last_value: 'last_value({0}{nulls}) {over}',
  nth_value: 'nth_value({0}, {1}{nulls}) {over}',
  percentile_cont: 'quantile_cont({0}, {1}) {over}',
  percentile_disc: 'quantile_disc({0}, {percentile}) {over}',
}
