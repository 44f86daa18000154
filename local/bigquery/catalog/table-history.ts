import { columnDefinitions } from '../database/column-type.ts'
import { commitColumn, endColumn } from '../database/commits.ts'
import { identifier, tableName } from '../database/names.ts'
import type { Change } from './catalog.ts'
import type { Table } from './resources.ts'
import type { TableVersion } from './table-version.ts'

/** Takes a table's rows out of the way, where time travel still finds them. The catalog is the caller's. */
export async function retireTable(change: Change, table: Table): Promise<void> {
  const { connection, catalog, commit } = change
  const { tableReference: reference } = table
  const version = catalog.tableVersion(reference)
  if (!version || isNew(change, version) || version.since === commit) {
    await connection.run(`DROP TABLE ${tableName(reference)}`)
    return
  }
  const stored = `${reference.tableId}@${commit}`
  await connection.run(`ALTER TABLE ${tableName(reference)} RENAME TO ${identifier(stored)}`)
  const ended = { commit, time: Math.floor(catalog.now()), table }
  catalog.retireVersion({ ...version, stored, ended })
}

/** Removes all rows of a table, without looking at them. */
export async function emptyTable(change: Change, table: Table): Promise<void> {
  const { connection, catalog, commit } = change
  const { tableReference: reference } = table
  const name = tableName(reference)
  const version = catalog.tableVersion(reference)
  if (!version || isNew(change, version)) {
    await connection.run(`DELETE FROM ${name}`)
    return
  }
  await retireTable(change, table)
  await connection.run(`CREATE TABLE ${name} (${columnDefinitions(table)})`)
  catalog.putVersion({ reference, stored: reference.tableId, since: commit })
}

/** Removes the rows that meet DuckDB's condition; says how many. */
export async function removeRows(change: Change, table: Table, condition: string): Promise<number> {
  await keepRows(change, table, condition)
  const name = tableName(table.tableReference)
  return (await change.connection.run(`DELETE FROM ${name} WHERE ${condition}`)).rowsChanged
}

/** Keeps rows as they are, before a statement changes or removes them. */
export async function keepRows(change: Change, table: Table, condition: string): Promise<void> {
  const { connection, catalog, commit } = change
  const { tableReference: reference } = table
  const version = catalog.tableVersion(reference)
  if (!version || isNew(change, version)) return
  const name = tableName(reference)
  const history = version.history ?? `${reference.tableId}@${commit}+`
  const kept = tableName({ ...reference, tableId: history })
  if (version.history === undefined) {
    await connection.run(
      `CREATE OR REPLACE TABLE ${kept} AS SELECT *, CAST(0 AS BIGINT) AS "${endColumn}" FROM ${name} LIMIT 0`,
    )
    catalog.putVersion({ ...version, history })
  }
  // What this very change wrote was never there for anybody else.
  await connection.run(
    `INSERT INTO ${kept} SELECT *, ${commit} FROM ${name} ` +
      `WHERE (${condition}) AND "${commitColumn}" < ${commit}`,
  )
}

/** Whether nobody but this change ever saw the rows, or they are a script's and not to be looked back at. */
function isNew({ commit }: Change, { reference, since, wasAltered }: TableVersion): boolean {
  return reference.datasetId.startsWith('_') || (since === commit && !wasAltered)
}
