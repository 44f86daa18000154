import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printArrayTransform } from './array-transform.ts'
import { duckType } from './duck-sql.ts'
import { printExpression } from './expressions.ts'
import { printPlacedRows } from './ordered-array.ts'
import { printScan, scanColumns } from './scans.ts'
import { columnName, columnReference, fresh, type Scope } from './scope.ts'

/** A subquery as a value: scalar, array, EXISTS or IN. */
export function printSubquery(node: ResolvedNode, scope: Scope): string {
  // Correlation needs no care: the columns of the outer query keep their names.
  node.ignore('parameterList')
  const type = node.type()
  const kind = node.text('subqueryType') || 'SCALAR'
  const subquery = node.node('subquery')
  if (kind === 'ARRAY') {
    const transformed = printArrayTransform(subquery, scope)
    if (transformed) return `coalesce(${transformed}, CAST([] AS ${duckType(type)}))`
    return printArray(subquery, duckType(type), scope)
  }
  const scan = printScan(subquery, scope)
  const [first] = scanColumns(subquery)
  const column = first ? columnName(first) : '1'
  switch (kind) {
    case 'EXISTS':
      return `EXISTS (${scan})`
    case 'SCALAR':
      return `(SELECT ${column} FROM (${scan}) ${fresh(scope)})`
    case 'IN': {
      if (first?.type.kind === 'FLOAT64') throw notSupported('IN (subquery) of FLOAT64')
      const value = printExpression(node.node('inExpr'), scope)
      return `(${value} IN (SELECT ${column} FROM (${scan}) ${fresh(scope)}))`
    }
    default:
      throw notSupported(`subquery ${kind}`)
  }
}

function printArray(subquery: ResolvedNode, type: string, scope: Scope): string {
  const [column] = scanColumns(subquery)
  if (!column) throw new Error('an array subquery without a column')
  const placed = printPlacedRows(subquery, scope)
  const rows = placed ?? printScan(subquery, scope)
  const item = columnReference(column, scope)
  const items = `array_agg(${item}${placed === undefined ? '' : ' ORDER BY _place'})`
  return `coalesce((SELECT ${items} FROM (${rows}) ${fresh(scope)}), CAST([] AS ${type}))`
}
