import { expiredRows } from '../database/expired-partitions.ts'
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

const hourMs = 3_600_000

/** Removes the rows of expired partitions, which no query sees any more; looks once an hour. */
export function createPartitionSweep(): (change: Change) => Promise<void> {
  let sweptHour = -1

  return async ({ connection, catalog }) => {
    const hour = Math.floor(catalog.now() / hourMs)
    if (hour === sweptHour) return
    for (const table of catalog.tables()) {
      const expired = holdsRows(table.type) ? expiredRows(table, catalog.now()) : undefined
      if (expired === undefined) continue
      const { tableReference } = table
      const sql = `DELETE FROM ${tableName(tableReference)} WHERE ${expired}`
      const { rowsChanged } = await connection.run(sql)
      if (rowsChanged > 0) catalog.touchTable(tableReference)
    }
    sweptHour = hour
  }
}

export function hasExpired({ expirationTime }: Table, now: number): boolean {
  return expirationTime !== undefined && Number(expirationTime) <= now
}
