import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printExpression } from './expressions.ts'
import { newJsonPaths, readPaths, type JsonPaths } from './json-paths.ts'
import { columnReference, fresh, type Scope } from './scope.ts'

/**
 * `ARRAY(SELECT … FROM UNNEST(a) [WITH OFFSET o ORDER BY o])` as `list_transform`, which is much
 * faster than a correlated subquery; undefined for every other subquery. NULL for a NULL array.
 */
export function printArrayTransform(subquery: ResolvedNode, scope: Scope): string | undefined {
  const shape = shapeOf(subquery)
  if (!shape) return undefined

  const { unnest, projections, orders, result } = shape
  for (const scan of [unnest, ...projections, ...orders]) scan.ignore('columnList')
  const array = printExpression(unnest.node('arrayExpr'), scope)
  const element = fresh(scope, '_e')
  const index = fresh(scope, '_i')
  const elementColumn = unnest.column('elementColumn')
  const isJson = elementColumn.type.kind === 'JSON'
  scope.names.set(elementColumn.id, isJson ? `${element}.value` : element)
  const offset = unnest.optionalNode('arrayOffsetColumn')?.column()
  if (offset) scope.names.set(offset.id, `(${index} - 1)`)

  const jsonPaths = newJsonPaths([elementColumn], () => `${element}.paths`)
  for (const projection of projections) {
    for (const computed of projection.nodes('exprList')) {
      const value = printExpression(computed.node('expr'), { ...scope, jsonPaths })
      scope.names.set(computed.column().id, value)
    }
  }
  const elements = isJson ? readElements(array, jsonPaths, scope) : array
  const parameters = offset ? `${element}, ${index}` : element
  return `list_transform(${elements}, lambda ${parameters}: ${columnReference(result, scope)})`
}

/** Each JSON element with what is read from it, so that it is parsed once. */
function readElements(array: string, { columns }: JsonPaths, scope: Scope): string {
  const element = fresh(scope, '_e')
  const paths = [...columns.values()].flatMap((column) => column.paths)
  const read = paths.length > 0 ? `, paths := ${readPaths(element, paths)}` : ''
  return `list_transform(${array}, lambda ${element}: struct_pack(value := ${element}${read}))`
}

function shapeOf(subquery: ResolvedNode) {
  const [result] = subquery.columns()
  const projections: ResolvedNode[] = []
  let scan = subquery
  const orders: ResolvedNode[] = []
  while (scan.kind === 'ProjectScan' || scan.kind === 'OrderByScan') {
    if (scan.kind === 'ProjectScan') projections.unshift(scan)
    else orders.push(scan)
    scan = scan.node('inputScan')
  }
  if (!result || scan.kind !== 'ArrayScan') return undefined
  if (['inputScan', 'joinExpr', 'isOuter'].some((name) => scan.has(name))) return undefined
  const offset = scan.optionalNode('arrayOffsetColumn')?.column().id
  if (orders.length > 1 || orders.some((order) => ascendingColumn(order) !== offset))
    return undefined
  const simple = projections.every((projection) => projection.nodes('exprList').every(isSimple))
  return simple ? { unnest: scan, projections, orders, result } : undefined
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
function isSimple(computed: ResolvedNode): boolean {
  return !containsSubquery(computed.message('expr'))
}

function containsSubquery(message: unknown): boolean {
  return JSON.stringify(message).includes('resolvedSubqueryExprNode')
}
