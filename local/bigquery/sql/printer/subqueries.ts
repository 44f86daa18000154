import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printArrayExists, printArrayTransform } from './array-transform.ts'
import { duckType } from './duck-sql.ts'
import { printExpression } from './expressions.ts'
import { printPlacedRows } from './ordered-array.ts'
import { printScan, scanColumns } from './scans.ts'
import { columnName, columnReference, fresh, type Scope } from './scope.ts'

/** A subquery as a value: scalar, array, EXISTS or IN. */
export function printSubquery(node: ResolvedNode, scope: Scope): string {
  const inner = { ...scope, correlated: correlatedIn(node, scope) }
  const type = node.type()
  const kind = node.text('subqueryType') || 'SCALAR'
  const subquery = node.node('subquery')
  if (kind === 'ARRAY') {
    const transformed = printArrayTransform(subquery, scope)
    if (transformed) return `coalesce(${transformed}, CAST([] AS ${duckType(type)}))`
    return printArray(subquery, duckType(type), inner)
  }
  const exists = kind === 'EXISTS' ? printArrayExists(subquery, scope) : undefined
  if (exists) return exists
  const scan = printScan(subquery, inner)
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

/** The columns of the outer query keep their names; only lambdas must know which those are. */
function correlatedIn(node: ResolvedNode, scope: Scope): ReadonlySet<string> {
  const columns = node.nodes('parameterList').map((reference) => {
    reference.ignore('type', 'typeAnnotationMap', 'isCorrelated')
    return reference.column().id
  })
  return new Set([...scope.correlated, ...columns])
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
