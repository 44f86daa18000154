import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printArrayTransform } from './array-transform.ts'
import { duckType } from './duck-sql.ts'
import { printExpression } from './expressions.ts'
import { printScan, scanColumns } from './scans.ts'
import { columnName, fresh, type Scope } from './scope.ts'

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
  }
  const scan = printScan(subquery, scope)
  const [first] = scanColumns(subquery)
  const column = first ? columnName(first) : '1'
  switch (kind) {
    case 'EXISTS':
      return `EXISTS (${scan})`
    case 'SCALAR':
      return `(SELECT ${column} FROM (${scan}) ${fresh(scope)})`
    case 'ARRAY':
      return `coalesce(ARRAY(SELECT ${column} FROM (${scan}) ${fresh(scope)}), CAST([] AS ${duckType(type)}))`
    case 'IN': {
      if (first?.type.kind === 'FLOAT64') throw notSupported('IN (subquery) of FLOAT64')
      const value = printExpression(node.node('inExpr'), scope)
      return `(${value} IN (SELECT ${column} FROM (${scan}) ${fresh(scope)}))`
    }
    default:
      throw notSupported(`subquery ${kind}`)
  }
}
