import { BigQueryError } from '../../bigquery-error.ts'
import { runForValues } from '../../database/result-rows.ts'
import type { Analysis } from '../analyzer/analyzer.ts'
import type { TableRead } from '../printer/print.ts'
import { printConstantExpression } from '../printer/query.ts'
import { estimateBytes } from './reads/estimate-bytes.ts'
import type { Outcome } from './outcome.ts'
import { requirePartitionFilters } from './reads/partition-filter.ts'
import { printContext } from './print-context.ts'
import { referencedTables } from './reads/referenced-tables.ts'
import { prepareRelations } from './relations.ts'
import type { Work } from './work.ts'

/** ASSERT fails unless its expression is true; NULL is not. */
export async function runAssert(work: Work, { statement, tables }: Analysis): Promise<Outcome> {
  const reads: TableRead[] = []
  const relations = await prepareRelations(work, tables, reads)
  const context = printContext(work, relations)
  const sql = printConstantExpression(statement.node('expression'), context)
  const description = statement.text('description')
  statement.assertRead()
  const filtered = requirePartitionFilters(statement, relations)
  const outcome = {
    statementType: 'ASSERT',
    totalBytesProcessed: await estimateBytes(work, { reads, filtered, context }),
    referencedTables: referencedTables(relations),
  }
  if (work.session.request.dryRun) return outcome
  const [[holds] = []] = await runForValues(work.connection, `SELECT ${sql}`)
  if (holds === true) return outcome
  throw new BigQueryError('invalidQuery', description || 'Assertion failed', { location: 'query' })
}
