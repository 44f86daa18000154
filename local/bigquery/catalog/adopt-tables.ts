import { columnDefinitions } from '../database/column-type.ts'
import { identifier, tableName } from '../database/names.ts'
import type { Change } from './catalog.ts'
import { tableKey, type CatalogObjects } from './catalog-view.ts'
import { holdsRows } from './tables.ts'

/** Whether the file is of a time at which no table could be looked back at. */
export function lacksVersions({ tables, versions }: CatalogObjects): boolean {
  return [...tables].some(([key, { type }]) => holdsRows(type) && !versions.has(key))
}

/** Gives such tables the hidden column; they can be looked back at from then on. */
export async function adoptTables({ connection, catalog }: Change): Promise<void> {
  for (const table of catalog.tables()) {
    const { tableReference: reference, type } = table
    if (!holdsRows(type) || catalog.tableVersion(reference)) continue
    const name = tableName(reference)
    const before = { ...reference, tableId: `${reference.tableId}@` }
    await connection.run(`ALTER TABLE ${name} RENAME TO ${identifier(before.tableId)}`)
    await connection.run(`CREATE TABLE ${name} (${columnDefinitions(table)})`)
    await connection.run(`INSERT INTO ${name} BY NAME SELECT * FROM ${tableName(before)}`)
    await connection.run(`DROP TABLE ${tableName(before)}`)
    catalog.putTable(table)
    if (!catalog.tableVersion(reference)) throw new Error(`${tableKey(reference)} has no version`)
  }
}
