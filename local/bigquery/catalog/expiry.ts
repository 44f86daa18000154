import { expiredRows } from '../database/expired-partitions.ts'
import type { Change } from './catalog.ts'
import type { CatalogObjects } from './catalog-view.ts'
import type { Table } from './resources.ts'
import { removeRows, retireTable } from './table-history.ts'
import { holdsRows } from './tables.ts'

/** Removes the tables whose time is over; nobody has been able to see them since. */
export async function removeExpired(change: Change, { tables }: CatalogObjects): Promise<void> {
  const { catalog } = change
  for (const table of tables.values()) {
    if (!hasExpired(table, catalog.now())) continue
    if (holdsRows(table.type)) await retireTable(change, table)
    catalog.removeTable(table.tableReference)
  }
}

const hourMs = 3_600_000

/** Removes the rows of expired partitions, which no query sees any more; looks once an hour. */
export function createPartitionSweep(): (change: Change) => Promise<void> {
  let sweptHour = -1

  return async (change) => {
    const { catalog } = change
    const hour = Math.floor(catalog.now() / hourMs)
    if (hour === sweptHour) return
    for (const table of catalog.tables()) {
      const expired = holdsRows(table.type) ? expiredRows(table, catalog.now()) : undefined
      if (expired === undefined) continue
      if ((await removeRows(change, table, expired)) > 0) catalog.touchTable(table.tableReference)
    }
    sweptHour = hour
  }
}

export function hasExpired({ expirationTime }: Table, now: number): boolean {
  return expirationTime !== undefined && Number(expirationTime) <= now
}
