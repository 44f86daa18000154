import { BigQueryError } from '../bigquery-error.ts'
import type { Change } from '../catalog/catalog.ts'
import { tableKey } from '../catalog/catalog-view.ts'
import { existing } from '../catalog/find-table.ts'
import { notFound } from '../catalog/not-found.ts'
import type { Table, TableReference } from '../catalog/resources.ts'
import { refuseRowAccess } from '../catalog/row-access.ts'
import { rowsOfVersion, versionOfSnapshot, versionsOf } from '../catalog/snapshots.ts'
import { commitAt } from '../database/commits.ts'
import { livingRows } from '../database/expired-partitions.ts'

/** A table as a copy job names it: `t@1738951740000` is the table as it was at that time. */
export type DecoratedTable = { reference: TableReference; time?: number }

export type CopySource = {
  table: Table
  /** The moment of its rows, in milliseconds since the epoch. */
  time: number
  /** DuckDB's relation of its rows; to be asked for once the copy is there, which may replace it. */
  rows(): string
}

/** Takes the time off a table's id; undefined where there is none. */
export function undecorated(tableId: unknown): { id?: string; time?: number } {
  const [, id, time] = typeof tableId === 'string' ? (/^(.+)@(-?\d+)$/.exec(tableId) ?? []) : []
  return id === undefined ? {} : { id, time: Number(time) }
}

/** The table that is to be copied; one that was dropped is still there at the time before. */
export async function readSource(
  change: Change,
  { reference, time }: DecoratedTable,
  destination: TableReference,
): Promise<CopySource> {
  const { catalog, connection } = change
  if (time === undefined) {
    const table = existing(catalog, reference)
    refuseRowAccess(table, 'a copy of')
    const now = Math.floor(catalog.now())
    const isDestination = tableKey(reference) === tableKey(destination)
    const rows = () => (isDestination ? rowsBefore(change, table, now) : livingRows(table, now))
    return { table, time: now, rows }
  }
  // A negative time counts from now.
  const ms = time < 0 ? Math.floor(catalog.now()) + time : time
  const micros = BigInt(ms) * 1000n + 999n
  const snapshot = { time: micros, commit: await commitAt(connection, micros) }
  const known = versionsOf(catalog, reference)
  const living = catalog.table(reference)
  const last = living ?? known.findLast(({ ended }) => ended)?.ended?.table
  if (!last) throw notFound(reference)
  const { ended } = versionOfSnapshot(catalog, last, snapshot)
  const table = ended?.table ?? living
  if (!table) throw new BigQueryError('notFound', `Not found: Table ${reference.tableId}@${time}`)
  for (const either of [table, last]) refuseRowAccess(either, 'a copy of')
  return {
    table,
    time: ms,
    rows: () => rowsOfVersion(versionOfSnapshot(catalog, table, snapshot), table, snapshot),
  }
}

/** The rows that a table held before this change, which may have put another in its place. */
function rowsBefore({ catalog, commit }: Change, table: Table, now: number): string {
  const snapshot = { time: BigInt(now) * 1000n, commit: commit - 1 }
  return rowsOfVersion(versionOfSnapshot(catalog, table, snapshot), table, snapshot)
}
