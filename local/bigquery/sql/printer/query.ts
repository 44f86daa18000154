import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import type { SqlType } from '../analyzer/sql-type.ts'
import { duckType, identifier } from './duck-sql.ts'
import { printExpression as printInScope, structField } from './expressions.ts'
import type { PrintContext, PrintedQuery } from './print.ts'
import { printFrom } from './scans.ts'
import { columnReference, newScope } from './scope.ts'

/**
 * The query of a SELECT, or of a statement that keeps one (CREATE TABLE AS, CREATE VIEW, EXPORT DATA).
 * The rows come in the order that the query states.
 */
export function printQuery(statement: ResolvedNode, context: PrintContext): PrintedQuery {
  const scope = newScope(context)
  const scan = statement.node('query')
  const from = printFrom(scan, scope)
  const outputs = statement.nodes('outputColumnList').map((output) => ({
    name: output.text('name'),
    type: output.column().type,
    value: columnReference(output.column(), scope),
  }))
  const values = statement.flag('isValueTable') ? outputs.flatMap(fieldsOf) : outputs
  const columns = values.map(({ name, type }, index) => ({ name: outputName(name, index), type }))
  for (const { type } of columns) duckType(type)
  const list = values.map(({ value }, index) => `${value} AS ${identifier(`o${index}`)}`)
  scan.assertRead()
  return { sql: `SELECT ${list.join(', ')} FROM ${from}`, columns }
}

/** One expression by itself: a column's default, the value of an option. */
export function printConstantExpression(expression: ResolvedNode, context: PrintContext): string {
  const sql = printInScope(expression, newScope(context))
  expression.assertRead()
  return sql
}

/** The condition of `SELECT … FROM table WHERE …`, the columns of the table called by their names. */
export function printCondition(statement: ResolvedNode, context: PrintContext): string {
  const filter = statement.node('query').node('inputScan')
  const table = filter.node('inputScan')
  if (filter.kind !== 'FilterScan' || table.kind !== 'TableScan') throw notSupported(filter.kind)
  const scope = newScope(context)
  for (const column of table.columns()) scope.names.set(column.id, identifier(column.name))
  const condition = filter.node('filterExpr')
  const sql = printInScope(condition, scope)
  condition.assertRead()
  return sql
}

/** SELECT AS STRUCT gives the struct's fields as columns. */
function fieldsOf(output: { name: string; type: SqlType; value: string }) {
  const { type, value } = output
  if (type.kind !== 'STRUCT') return [output]
  return type.fields.map((field, index) => ({
    name: field.name,
    type: field.type,
    value: structField(value, type, index),
  }))
}

/** Columns without a name are called `f0_`, `f1_` … by their place. */
function outputName(name: string, index: number): string {
  return name === '' || name.startsWith('$') ? `f${index}_` : name
}
