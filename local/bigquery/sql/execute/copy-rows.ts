import type { Table, TableReference } from '../../catalog/resources.ts'
import { livingRows } from '../../database/expired-partitions.ts'
import { tableName } from '../../database/names.ts'
import type { WriteWork } from './work.ts'

/** Fills a table with the rows of one that has the same columns, hidden ones included. */
export async function copyRows(
  { connection, session, catalog }: WriteWork,
  from: Table,
  to: TableReference,
): Promise<void> {
  if (session.request.dryRun) return
  const rows = livingRows(from, catalog.now())
  await connection.run(`INSERT INTO ${tableName(to)} BY NAME SELECT * FROM ${rows}`)
}
