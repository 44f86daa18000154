import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printExpression } from './expressions.ts'
import { printFrom, scanColumns, selectList } from './scans.ts'
import { columnName, fresh, type Scope } from './scope.ts'

const joins: Record<string, string> = {
  INNER: 'JOIN',
  LEFT: 'LEFT JOIN',
  RIGHT: 'RIGHT JOIN',
  FULL: 'FULL JOIN',
}

export function printJoinScan(node: ResolvedNode, scope: Scope): string {
  // USING comes resolved into a condition and a projection.
  node.ignore('hasUsing')
  const kind = node.text('joinType') || 'INNER'
  const join = joins[kind]
  if (!join) throw notSupported(`join ${kind}`)
  const left = node.node('leftScan')
  const right = node.node('rightScan')
  const columns = [...scanColumns(left), ...scanColumns(right)].map(columnName)
  const from = `${printFrom(left, scope)} ${join} ${printFrom(right, scope)}`
  const condition = node.optionalNode('joinExpr')
  const on = condition ? printExpression(condition, scope) : 'true'
  return `SELECT ${selectList([...new Set(columns)])} FROM ${from} ON ${on}`
}

/** UNNEST, alone or joined to the rows of its input. */
export function printArrayScan(node: ResolvedNode, scope: Scope): string {
  const input = node.optionalNode('inputScan')
  const from = input && printFrom(input, scope)
  const outside = input ? scanColumns(input).map(({ id }) => id) : []
  const inner = { ...scope, correlated: new Set([...scope.correlated, ...outside]) }
  const array = printExpression(node.node('arrayExpr'), inner)
  const element = columnName(node.column('elementColumn'))
  const offset = node.optionalNode('arrayOffsetColumn')?.column()
  const items = [`unnest(_array) AS ${element}`]
  if (offset) items.push(`generate_subscripts(_array, 1) - 1 AS ${columnName(offset)}`)
  const unnested = `SELECT ${items.join(', ')} FROM (SELECT ${array} AS _array)`
  if (!from) return unnested

  const join = node.flag('isOuter') ? 'LEFT JOIN' : 'JOIN'
  const condition = node.optionalNode('joinExpr')
  // Beside LEFT JOIN LATERAL, DuckDB takes only comparisons of both sides.
  const matching = condition
    ? `SELECT * FROM (${unnested}) ${fresh(scope)} WHERE ${printExpression(condition, inner)}`
    : unnested
  return `SELECT * FROM ${from} ${join} LATERAL (${matching}) ${fresh(scope)} ON true`
}
