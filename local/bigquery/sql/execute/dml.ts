import { BigQueryError } from '../../bigquery-error.ts'
import type { DuckDBConnection } from '@duckdb/node-api'
import { requireType } from '../../catalog/tables.ts'
import { expiredRows } from '../../database/expired-partitions.ts'
import { identifier, tableName } from '../../database/names.ts'
import { runForValues } from '../../database/result-rows.ts'
import type { Analysis } from '../analyzer/analyzer.ts'
import { printDml } from '../printer/dml.ts'
import type { PrintedDml, TableRead } from '../printer/print.ts'
import type { StatementResult } from '../sql-engine.ts'
import { dmlTarget } from './dml-target.ts'
import { estimateBytes } from './estimate-bytes.ts'
import { childOf, planNode } from './plan-node.ts'
import { tableOfScan } from './scanned-table.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import type { TableReference } from '../../catalog/resources.ts'
import type { Outcome } from './outcome.ts'
import { requirePartitionFilters } from './partition-filter.ts'
import { printContext } from './print-context.ts'
import { referencedTables } from './referenced-tables.ts'
import { prepareRelations } from './relations.ts'
import { existingTable } from './target.ts'
import type { WriteWork } from './work.ts'

type Counts = NonNullable<StatementResult['dmlStats']>

/** INSERT, UPDATE, DELETE, MERGE and TRUNCATE. */
export async function runDml(work: WriteWork, { statement, tables }: Analysis): Promise<Outcome> {
  const { session, connection } = work
  const reads: TableRead[] = []
  const relations = await prepareRelations(work, tables, reads)
  const target = existingTable(work.catalog, targetOf(statement))
  requireType(target, ['TABLE'])
  const context = { ...printContext(work, relations), target: await dmlTarget(work, target) }
  const printed = printDml(statement, context)
  const filtered = printed.kind === 'TRUNCATE' ? [] : requirePartitionFilters(statement, relations)
  const outcome = {
    statementType: printed.kind === 'TRUNCATE' ? 'TRUNCATE_TABLE' : printed.kind,
    totalBytesProcessed: await estimateBytes(work, { reads, filtered, context }),
    referencedTables: referencedTables(relations),
  }
  if (session.request.dryRun) return { ...outcome, schema: target.schema.fields }

  const expired = expiredRows(target, work.catalog.now())
  if (expired !== undefined) {
    await connection.run(`DELETE FROM ${tableName(target.tableReference)} WHERE ${expired}`)
  }
  const dmlStats = await execute(connection, printed)
  const { insertedRowCount, updatedRowCount, deletedRowCount } = dmlStats
  const rowCount = insertedRowCount + updatedRowCount + deletedRowCount
  if (rowCount > 0n) work.change.catalog.touchTable(printed.target)
  session.systemVariables.set('row_count', rowCount)
  return { ...outcome, dmlStats }
}

async function execute(connection: DuckDBConnection, printed: PrintedDml): Promise<Counts> {
  const { source, checks } = printed
  if (source) {
    await connection.run(`CREATE TEMP TABLE ${identifier(source.name)} AS ${source.sql}`)
  }
  for (const { sql, message } of checks) {
    const rows = await runForValues(connection, sql)
    if (rows.length > 0) throw new BigQueryError('invalidQuery', message, { location: 'query' })
  }
  const counts = await change(connection, printed)
  if (source) await connection.run(`DROP TABLE ${identifier(source.name)}`)
  return counts
}

async function change(connection: DuckDBConnection, { kind, sql }: PrintedDml): Promise<Counts> {
  const counts = { insertedRowCount: 0n, updatedRowCount: 0n, deletedRowCount: 0n }
  if (kind === 'MERGE') return await executeMerge(connection, sql)
  const { rowsChanged } = await connection.run(sql)
  const changed = BigInt(rowsChanged)
  switch (kind) {
    case 'INSERT':
      return { ...counts, insertedRowCount: changed }
    case 'UPDATE':
      return { ...counts, updatedRowCount: changed }
    default:
      return { ...counts, deletedRowCount: changed }
  }
}

/** DuckDB tells of each row that a MERGE touched what it did. */
async function executeMerge(connection: DuckDBConnection, sql: string): Promise<Counts> {
  const counts = { INSERT: 0n, UPDATE: 0n, DELETE: 0n }
  const result = await connection.run(`${sql} RETURNING merge_action`)
  for (;;) {
    const chunk = await result.fetchChunk()
    if (!chunk || chunk.rowCount === 0) break
    for (const action of chunk.getColumnValues(0)) {
      if (action === 'INSERT' || action === 'UPDATE' || action === 'DELETE') counts[action] += 1n
    }
  }
  const { INSERT, UPDATE, DELETE } = counts
  return { insertedRowCount: INSERT, updatedRowCount: UPDATE, deletedRowCount: DELETE }
}

function targetOf({ source }: ResolvedNode): TableReference {
  const scan = childOf(planNode(source), 'tableScan')
  if (!scan) throw new Error('a statement that changes rows has no table')
  return tableOfScan(scan)
}
