import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printExpression } from './expressions.ts'
import { columnReference, fresh, type Scope } from './scope.ts'

/**
 * `ARRAY(SELECT … FROM UNNEST(a) [WITH OFFSET o ORDER BY o])` as `list_transform`, which is much
 * faster than a correlated subquery; undefined for every other subquery. NULL for a NULL array.
 */
export function printArrayTransform(subquery: ResolvedNode, scope: Scope): string | undefined {
  const shape = shapeOf(subquery)
  if (!shape) return undefined

  const { unnest, projections, result } = shape
  subquery.ignore('columnList', 'orderByItemList')
  unnest.ignore('columnList')
  const array = printExpression(unnest.node('arrayExpr'), scope)
  const element = fresh(scope, '_e')
  const index = fresh(scope, '_i')
  scope.names.set(unnest.column('elementColumn').id, element)
  const offset = unnest.optionalNode('arrayOffsetColumn')?.column()
  if (offset) scope.names.set(offset.id, `(${index} - 1)`)
  for (const projection of projections) {
    projection.ignore('columnList')
    for (const computed of projection.nodes('exprList')) {
      const value = printExpression(computed.node('expr'), scope)
      scope.names.set(computed.column().id, value)
    }
  }
  const parameters = offset ? `${element}, ${index}` : element
  return `list_transform(${array}, lambda ${parameters}: ${columnReference(result, scope)})`
}

function shapeOf(subquery: ResolvedNode) {
  const [result] = subquery.columns()
  let scan = subquery
  let orderedBy: string | undefined
  if (scan.kind === 'OrderByScan') {
    const [item, ...others] = scan.nodes('orderByItemList')
    if (!item || others.length > 0 || item.flag('isDescending') || item.has('nullOrder'))
      return undefined
    const reference = item.node('columnRef')
    reference.ignore('type')
    orderedBy = reference.column().id
    scan = scan.node('inputScan')
  }
  const projections: ResolvedNode[] = []
  while (scan.kind === 'ProjectScan') {
    projections.unshift(scan)
    scan = scan.node('inputScan')
  }
  if (!result || scan.kind !== 'ArrayScan') return undefined
  if (['inputScan', 'joinExpr', 'isOuter'].some((name) => scan.has(name))) return undefined
  const offset = scan.optionalNode('arrayOffsetColumn')?.column().id
  if (orderedBy !== undefined && orderedBy !== offset) return undefined
  const simple = projections.every((projection) => projection.nodes('exprList').every(isSimple))
  return simple ? { unnest: scan, projections, result } : undefined
}

/** DuckDB has no subqueries in lambdas, and each use of a computed column repeats its text. */
function isSimple(computed: ResolvedNode): boolean {
  return !containsSubquery(computed.message('expr'))
}

function containsSubquery(message: unknown): boolean {
  return JSON.stringify(message).includes('resolvedSubqueryExprNode')
}
