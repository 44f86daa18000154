import type { DuckDBValue } from '@duckdb/node-api'
import { runForValues } from '../../database/result-rows.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printConstantExpression } from '../printer/query.ts'
import { noRelations, printContext } from './print-context.ts'
import type { Work } from './work.ts'

/** The value of an expression that reads no table: an option, a bound of partitions. */
export async function evaluateConstant(work: Work, expression: ResolvedNode): Promise<DuckDBValue> {
  const sql = printConstantExpression(expression, printContext(work, noRelations))
  const [[value = null] = []] = await runForValues(work.connection, `SELECT ${sql}`)
  return value
}
