import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printAnalytic } from '../functions/analytic-call.ts'
import { printExpression } from './expressions.ts'
import { printOrder } from './order.ts'
import { printFrom } from './scans.ts'
import { columnName, columnReference, type Scope } from './scope.ts'

export function printAnalyticScan(node: ResolvedNode, scope: Scope): string {
  const input = printFrom(node.node('inputScan'), scope)
  const items = node.nodes('functionGroupList').flatMap((group) => {
    const window = printWindow(group, scope)
    return group.nodes('analyticFunctionList').map((item) => {
      const call = item.node('expr')
      refuseDistance(call, group)
      const sql = printAnalytic(call, (frame) => `OVER (${[...window, ...frame].join(' ')})`, scope)
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

/** NaN makes two keys of one for ORDER BY, and a distance wants a single one. */
function refuseDistance(call: ResolvedNode, group: ResolvedNode): void {
  const frame = call.optionalNode('windowFrame')
  if (frame?.text('frameUnit') !== 'RANGE') return
  const bounds = [frame.node('startExpr'), frame.node('endExpr')]
  if (!bounds.some((bound) => bound.has('expression'))) return
  const [key] = group.optionalNode('orderBy')?.nodes('orderByItemList') ?? []
  if (key?.node('columnRef').type().kind === 'FLOAT64') {
    throw notSupported('RANGE by a distance of FLOAT64')
  }
}

/** ROWS or RANGE of a window function, or nothing. */
export function printFrame(frame: ResolvedNode | undefined, scope: Scope): string[] {
  if (!frame) return []
  const [start, end] = [frame.node('startExpr'), frame.node('endExpr')]
  const unit = frame.text('frameUnit') || 'ROWS'
  return [`${unit} BETWEEN ${printBound(start, scope)} AND ${printBound(end, scope)}`]
}

function printBound(bound: ResolvedNode, scope: Scope): string {
  const kind = bound.text('boundaryType') || 'UNBOUNDED_PRECEDING'
  const offset = bound.optionalNode('expression')
  if (!offset) return kind.replace('_', ' ')
  return `${printExpression(offset, scope)} ${kind.endsWith('PRECEDING') ? 'PRECEDING' : 'FOLLOWING'}`
}
