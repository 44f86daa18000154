import type { TableReference } from '../../../catalog/resources.ts'
import { commitColumn } from '../../../database/commits.ts'
import { tableName } from '../../../database/names.ts'
import type { WriteWork } from '../work.ts'

/** Fills a table with rows, as DuckDB's FROM has them, of one that has the same columns, hidden ones included. */
export async function copyRows(
  { connection, session }: WriteWork,
  rows: string,
  to: TableReference,
): Promise<void> {
  if (session.request.dryRun) return
  await connection.run(
    `INSERT INTO ${tableName(to)} BY NAME SELECT * EXCLUDE ("${commitColumn}") FROM ${rows}`,
  )
}
