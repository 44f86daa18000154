import type { Column, ResolvedNode } from '../analyzer/resolved-node.ts'
import { usesAny } from './outer-columns.ts'
import type { Scope } from './scope.ts'

/** A subquery over the elements of one array and nothing else, as one lambda after the other can do it. */
export type ArrayRows = {
  array: ResolvedNode
  element: Column
  offset: Column | undefined
  /** Projections and filters, the innermost first. */
  steps: ResolvedNode[]
  result: Column
}

/** The subquery in this shape; undefined for every other one. Its rows keep the array's order. */
export function arrayRowsOf(subquery: ResolvedNode, scope: Scope): ArrayRows | undefined {
  // In a subquery, DuckDB finds no column of it by a lambda that has columns from outside as well.
  if (usesAny(subquery, scope.correlated)) return undefined
  const [result] = subquery.columns()
  const steps: ResolvedNode[] = []
  const orders: ResolvedNode[] = []
  let scan = subquery
  while (['ProjectScan', 'FilterScan', 'OrderByScan'].includes(scan.kind)) {
    if (scan.kind === 'OrderByScan') orders.push(scan)
    else steps.unshift(scan)
    scan = scan.node('inputScan')
  }
  if (!result || scan.kind !== 'ArrayScan') return undefined
  if (['inputScan', 'joinExpr', 'isOuter'].some((name) => scan.has(name))) return undefined

  const offset = scan.optionalNode('arrayOffsetColumn')?.column()
  const [order, ...others] = orders
  const isByOffset = order && offset && ascendingColumn(order) === offset.id
  if (others.length > 0 || (order && !isByOffset)) return undefined
  // What is filtered has lost its place.
  if (offset && steps.some(({ kind }) => kind === 'FilterScan')) return undefined
  if (steps.some(holdsSubquery)) return undefined
  for (const part of [scan, ...steps, ...orders]) part.ignore('columnList')
  return {
    array: scan.node('arrayExpr'),
    element: scan.column('elementColumn'),
    offset,
    steps,
    result,
  }
}

/** The id of the one column by which a scan orders its rows upwards. */
function ascendingColumn(scan: ResolvedNode): string | undefined {
  const [item, ...others] = scan.nodes('orderByItemList')
  if (!item || others.length > 0 || item.flag('isDescending') || item.has('nullOrder')) {
    return undefined
  }
  const reference = item.node('columnRef')
  reference.ignore('type')
  return reference.column().id
}

/** DuckDB has no subqueries in lambdas, and each use of a computed column repeats its text. */
function holdsSubquery(step: ResolvedNode): boolean {
  const expressions =
    step.kind === 'FilterScan' ? step.message('filterExpr') : step.message('exprList')
  return JSON.stringify(expressions ?? null).includes('resolvedSubqueryExprNode')
}
