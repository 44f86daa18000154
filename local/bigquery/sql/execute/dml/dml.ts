import { BigQueryError } from '../../../bigquery-error.ts'
import type { DuckDBConnection } from '@duckdb/node-api'
import { emptyTable, keepRows, removeRows } from '../../../catalog/table-history.ts'
import { localUser, refuseRowAccess, rowFilters } from '../../../catalog/row-access.ts'
import { requireType } from '../../../catalog/tables.ts'
import { expiredRows } from '../../../database/expired-partitions.ts'
import { commitColumn } from '../../../database/commits.ts'
import { identifier, tableName } from '../../../database/names.ts'
import { runForValues } from '../../../database/result-rows.ts'
import type { Analysis } from '../../analyzer/analyzer.ts'
import { printDml } from '../../printer/dml.ts'
import { changedRows, type PrintedDml, type TableRead } from '../../printer/print.ts'
import type { StatementResult } from '../../sql-engine.ts'
import { dmlTarget } from './dml-target.ts'
import { onlyNeeded } from '../reads/columns-read.ts'
import { estimateBytes } from '../reads/estimate-bytes.ts'
import { childOf, planNode } from '../reads/plan-node.ts'
import { tableOfScan } from '../reads/scanned-table.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import type { Table, TableReference } from '../../../catalog/resources.ts'
import type { Outcome } from '../outcome.ts'
import { requirePartitionFilters } from '../reads/partition-filter.ts'
import { printContext } from '../print-context.ts'
import { referencedTables } from '../reads/referenced-tables.ts'
import { prepareRelations } from '../relations.ts'
import { existingTable } from '../target.ts'
import type { WriteWork } from '../work.ts'

type Counts = NonNullable<StatementResult['dmlStats']>

/** INSERT, UPDATE, DELETE, MERGE and TRUNCATE. */
export async function runDml(work: WriteWork, { statement, tables }: Analysis): Promise<Outcome> {
  const { session } = work
  const reads: TableRead[] = []
  const relations = await prepareRelations(work, tables, reads)
  const target = existingTable(work.catalog, targetOf(statement))
  requireType(target, ['TABLE'])
  if (rowFilters(target, session.request.caller ?? localUser)) {
    refuseRowAccess(target, 'by one who may not see all rows, a change of')
  }
  const context = { ...printContext(work, relations), target: await dmlTarget(work, target) }
  const printed = printDml(statement, context)
  const needed = onlyNeeded(reads, planNode(statement.source), relations)
  // Of a table whose rows it may change a statement reads all columns.
  if (printed.changed !== undefined && printed.kind !== 'TRUNCATE') {
    const { tableReference: table, schema } = target
    needed.push({ table, columns: schema.fields.map(({ name }) => name) })
  }
  const filtered = printed.kind === 'TRUNCATE' ? [] : requirePartitionFilters(statement, relations)
  const outcome = {
    statementType: printed.kind === 'TRUNCATE' ? 'TRUNCATE_TABLE' : printed.kind,
    totalBytesProcessed: await estimateBytes(work, { reads: needed, filtered, context }),
    referencedTables: referencedTables(relations),
    destinationTable: target.tableReference,
  }
  if (session.request.dryRun) return { ...outcome, schema: target.schema.fields }

  const expired = expiredRows(target, work.catalog.now())
  if (expired !== undefined) await removeRows(work.change, target, expired)
  const dmlStats = await execute(work, target, printed)
  const { insertedRowCount, updatedRowCount, deletedRowCount } = dmlStats
  const rowCount = insertedRowCount + updatedRowCount + deletedRowCount
  if (rowCount > 0n) work.change.catalog.touchTable(printed.target)
  session.systemVariables.set('row_count', rowCount)
  return { ...outcome, dmlStats }
}

async function execute(work: WriteWork, target: Table, printed: PrintedDml): Promise<Counts> {
  const { connection } = work
  const { kind, source, changed } = printed
  if (kind === 'TRUNCATE' && changed === undefined) return await truncate(work, target)
  if (source) {
    await connection.run(`CREATE TEMP TABLE ${identifier(source.name)} AS ${source.sql}`)
  }
  // A condition that is evaluated a second time may then hold for others: all rows are taken for changed.
  const isRandom = source !== undefined && /\b(random|uuid)\(\)/.test(changed ?? '')
  if (changed !== undefined) await keepChanged(work, target, changed, isRandom)
  const counts = await change(connection, printed)
  if (isRandom)
    await connection.run(
      `UPDATE ${tableName(target.tableReference)} SET "${commitColumn}" = DEFAULT`,
    )
  if (changed !== undefined) await connection.run(`DROP TABLE ${changedRows}`)
  if (source) await connection.run(`DROP TABLE ${identifier(source.name)}`)
  return counts
}

async function truncate(work: WriteWork, table: Table): Promise<Counts> {
  const name = tableName(table.tableReference)
  const [[count] = []] = await runForValues(work.connection, `SELECT count(*) FROM ${name}`)
  await emptyTable(work.change, table)
  const deletedRowCount = typeof count === 'bigint' ? count : 0n
  return { insertedRowCount: 0n, updatedRowCount: 0n, deletedRowCount }
}

/** Keeps the rows that will be gone, and refuses to change any of them twice. */
async function keepChanged(
  work: WriteWork,
  target: Table,
  changed: string,
  isRandom: boolean,
): Promise<void> {
  const { connection } = work
  await connection.run(`CREATE TEMP TABLE ${changedRows} AS ${changed}`)
  const [[count, most] = []] = await runForValues(
    connection,
    `SELECT count(*), max(matches) FROM ${changedRows}`,
  )
  if (Number(most) > 1) {
    const message = 'UPDATE/MERGE must match at most one source row for each target row'
    throw new BigQueryError('invalidQuery', message, { location: 'query' })
  }
  if (count === 0n && !isRandom) return
  const condition = isRandom ? 'true' : `rowid IN (SELECT changed FROM ${changedRows})`
  await keepRows(work.change, target, condition)
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
