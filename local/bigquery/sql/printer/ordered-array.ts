import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printExpression } from './expressions.ts'
import { printOrder } from './order.ts'
import { printFrom, scanColumns } from './scans.ts'
import { columnName, columnReference, fresh, type Scope } from './scope.ts'

/**
 * The rows of an ARRAY(subquery) whose order counts, with the column `_place` that says it: DuckDB
 * keeps no order where a subquery is correlated. undefined where the subquery states none.
 */
export function printPlacedRows(subquery: ResolvedNode, scope: Scope): string | undefined {
  const layers: ResolvedNode[] = []
  let base = subquery
  while (['ProjectScan', 'FilterScan', 'LimitOffsetScan'].includes(base.kind)) {
    layers.unshift(base)
    base = base.node('inputScan')
  }
  const isUnnest = base.kind === 'ArrayScan' && !base.has('inputScan')
  if (base.kind !== 'OrderByScan' && !isUnnest) return undefined

  const rows = isUnnest ? unnestedRows(base, scope) : orderedRows(base, scope)
  return layers.reduce((from, layer) => printLayer(layer, from, scope), rows)
}

function orderedRows(scan: ResolvedNode, scope: Scope): string {
  scan.ignore('columnList')
  const from = printFrom(scan.node('inputScan'), scope)
  const order = printOrder(scan.nodes('orderByItemList'), scope)
  return `SELECT *, row_number() OVER (ORDER BY ${order}) AS _place FROM ${from}`
}

function unnestedRows(scan: ResolvedNode, scope: Scope): string {
  scan.ignore('columnList')
  const array = printExpression(scan.node('arrayExpr'), scope)
  const offset = scan.optionalNode('arrayOffsetColumn')?.column()
  const items = [
    `unnest(_array) AS ${columnName(scan.column('elementColumn'))}`,
    'generate_subscripts(_array, 1) AS _place',
  ]
  if (offset) items.push(`generate_subscripts(_array, 1) - 1 AS ${columnName(offset)}`)
  return `SELECT ${items.join(', ')} FROM (SELECT ${array} AS _array)`
}

function printLayer(layer: ResolvedNode, rows: string, scope: Scope): string {
  layer.ignore('columnList')
  const from = `(${rows}) ${fresh(scope)}`
  if (layer.kind === 'FilterScan') {
    return `SELECT * FROM ${from} WHERE ${printExpression(layer.node('filterExpr'), scope)}`
  }
  if (layer.kind === 'LimitOffsetScan') {
    const limit = printExpression(layer.node('limit'), scope)
    const offset = layer.optionalNode('offset')
    const skipped = offset ? ` OFFSET ${printExpression(offset, scope)}` : ''
    return `SELECT * FROM ${from} ORDER BY _place LIMIT ${limit}${skipped}`
  }
  const computed = new Map(
    layer.nodes('exprList').map((item) => {
      return [item.column().id, printExpression(item.node('expr'), scope)]
    }),
  )
  const items = scanColumns(layer).map((column) => {
    const expression = computed.get(column.id)
    return expression === undefined
      ? columnReference(column, scope)
      : `${expression} AS ${columnName(column)}`
  })
  return `SELECT ${[...new Set(items), '_place'].join(', ')} FROM ${from}`
}
