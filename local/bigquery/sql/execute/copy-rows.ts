import type { TableReference } from '../../catalog/resources.ts'
import { tableName } from '../../database/names.ts'
import type { WriteWork } from './work.ts'

/** Fills a table with the rows of one that has the same columns, hidden ones included. */
export async function copyRows(
  { connection, session }: WriteWork,
  from: TableReference,
  to: TableReference,
): Promise<void> {
  if (session.request.dryRun) return
  await connection.run(`INSERT INTO ${tableName(to)} BY NAME SELECT * FROM ${tableName(from)}`)
}
