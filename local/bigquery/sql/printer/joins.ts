import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printExpression } from './expressions.ts'
import { holdsSubquery } from './outer-columns.ts'
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
  const list = selectList([...new Set(columns)])
  const condition = node.optionalNode('joinExpr')
  if (condition && holdsSubquery(condition) && (kind === 'LEFT' || kind === 'RIGHT')) {
    const [kept, other] = kind === 'LEFT' ? [left, right] : [right, left]
    return `SELECT ${list} FROM ${printMatching(kept, other, condition, scope)}`
  }
  const on = condition ? printExpression(condition, scope) : 'true'
  return `SELECT ${list} FROM ${printFrom(left, scope)} ${join} ${printFrom(right, scope)} ON ${on}`
}

/** DuckDB has no subqueries in the ON of an outer join: each row of one side looks for those of the other. */
function printMatching(
  kept: ResolvedNode,
  other: ResolvedNode,
  condition: ResolvedNode,
  scope: Scope,
): string {
  const from = printFrom(kept, scope)
  const inner = within(kept, scope)
  const matching = `SELECT * FROM ${printFrom(other, scope)} WHERE ${printExpression(condition, inner)}`
  return `${from} LEFT JOIN LATERAL (${matching}) ${fresh(scope)} ON true`
}

/** The scope of what stands in LATERAL beside a scan. */
function within(scan: ResolvedNode, scope: Scope): Scope {
  const outside = scanColumns(scan).map(({ id }) => id)
  return { ...scope, correlated: new Set([...scope.correlated, ...outside]) }
}

/** UNNEST, alone or joined to the rows of its input. */
export function printArrayScan(node: ResolvedNode, scope: Scope): string {
  const input = node.optionalNode('inputScan')
  const from = input && printFrom(input, scope)
  const inner = input ? within(input, scope) : scope
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
