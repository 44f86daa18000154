import { notSupported } from '../../bigquery-error.ts'
import type { Column, ResolvedNode } from '../analyzer/resolved-node.ts'
import type { SqlType } from '../analyzer/sql-type.ts'
import { printAnalytic } from '../functions/analytic-call.ts'
import { printExpression } from './expressions.ts'
import { printOrder } from './order.ts'
import { printFrom } from './scans.ts'
import { columnName, columnReference, type Scope } from './scope.ts'

export function printAnalyticScan(node: ResolvedNode, scope: Scope): string {
  const input = printFrom(node.node('inputScan'), scope)
  const items = node.nodes('functionGroupList').flatMap((group) => {
    const window = printWindow(group, scope)
    const key = onlyKey(group)
    return group.nodes('analyticFunctionList').map((item) => {
      const call = item.node('expr')
      const parts = key && hasDistance(call) ? printWindow(group, widened(key, scope)) : window
      const sql = printAnalytic(call, (frame) => `OVER (${[...parts, ...frame].join(' ')})`, scope)
      return `${sql} AS ${columnName(item.column())}`
    })
  })
  return `SELECT *, ${items.join(', ')} FROM ${input}`
}

function printWindow(group: ResolvedNode, scope: Scope): string[] {
  const parts: string[] = []
  const partition = group.optionalNode('partitionBy')
  if (partition) {
    if (partition.has('collationList')) throw notSupported('collation')
    const columns = partition.nodes('partitionByList').map((reference) => {
      reference.ignore('type', 'typeAnnotationMap')
      return columnReference(reference.column(), scope)
    })
    parts.push(`PARTITION BY ${columns.join(', ')}`)
  }
  const order = group.optionalNode('orderBy')
  if (order) parts.push(`ORDER BY ${printOrder(order.nodes('orderByItemList'), scope)}`)
  return parts
}

/** The column by which a distance is measured: there is no other beside it. */
function onlyKey(group: ResolvedNode): Column | undefined {
  const [item] = group.optionalNode('orderBy')?.nodes('orderByItemList') ?? []
  return item?.node('columnRef').column()
}

/** RANGE BETWEEN 5 PRECEDING …, not only UNBOUNDED and CURRENT ROW. */
function hasDistance(call: ResolvedNode): boolean {
  const frame = call.optionalNode('windowFrame')
  if (frame?.text('frameUnit') !== 'RANGE') return false
  return [frame.node('startExpr'), frame.node('endExpr')].some((bound) => bound.has('expression'))
}

/** The key in a type that holds it with any distance added. */
function widened(key: Column, scope: Scope): Scope {
  // NaN makes two keys of one for ORDER BY, and a distance wants a single one.
  if (key.type.kind === 'FLOAT64') throw notSupported('RANGE by a distance of FLOAT64')
  if (key.type.kind === 'BIGNUMERIC') throw notSupported('RANGE by a distance of BIGNUMERIC')
  const name = wide(columnReference(key, scope), key.type)
  return { ...scope, names: new Map([...scope.names, [key.id, name]]) }
}

function wide(value: string, { kind }: SqlType): string {
  return kind === 'NUMERIC' ? `bq.unscaled(${value})` : `CAST(${value} AS HUGEINT)`
}

/** ROWS or RANGE of a window function, or nothing. */
export function printFrame(frame: ResolvedNode | undefined, scope: Scope): string[] {
  if (!frame) return []
  const [start, end] = [frame.node('startExpr'), frame.node('endExpr')]
  const unit = frame.text('frameUnit') || 'ROWS'
  const bound = (node: ResolvedNode): string => printBound(node, unit, scope)
  return [`${unit} BETWEEN ${bound(start)} AND ${bound(end)}`]
}

function printBound(bound: ResolvedNode, unit: string, scope: Scope): string {
  const kind = bound.text('boundaryType') || 'UNBOUNDED_PRECEDING'
  const offset = bound.optionalNode('expression')
  if (!offset) return kind.replace('_', ' ')
  const distance = printExpression(offset, scope)
  const value = unit === 'RANGE' ? wide(distance, offset.type()) : distance
  return `${value} ${kind.endsWith('PRECEDING') ? 'PRECEDING' : 'FOLLOWING'}`
}
