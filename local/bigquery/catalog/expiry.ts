import { tableName } from '../database/names.ts'
import type { Change } from './catalog.ts'
import type { CatalogObjects } from './catalog-view.ts'
import type { Table } from './resources.ts'
import { holdsRows } from './tables.ts'

/** Removes the tables whose time is over; nobody has been able to see them since. */
export async function removeExpired(
  { connection, catalog }: Change,
  { tables }: CatalogObjects,
): Promise<void> {
  for (const table of tables.values()) {
    if (!hasExpired(table, catalog.now())) continue
    if (holdsRows(table.type)) {
      await connection.run(`DROP TABLE ${tableName(table.tableReference)}`)
    }
    catalog.removeTable(table.tableReference)
  }
}

export function hasExpired({ expirationTime }: Table, now: number): boolean {
  return expirationTime !== undefined && Number(expirationTime) <= now
}
