import type { DuckDBConnection } from '@duckdb/node-api'
import { tableKey } from '../catalog/catalog-view.ts'
import type { Table } from '../catalog/resources.ts'
import { holdsRows } from '../catalog/tables.ts'
import { livingRows } from '../database/expired-partitions.ts'
import { logicalBytes } from '../database/logical-size.ts'
import type { TableSize } from './table-resource.ts'

/** What a table holds at a time, in milliseconds since the epoch. */
export type TableSizes = (
  connection: DuckDBConnection,
  table: Table,
  now: number,
) => Promise<TableSize>

/** Rows and logical bytes, as BigQuery counts them; counted again only where they may have changed. */
export function createTableSizes(): TableSizes {
  const known = new Map<string, { etag: string; size: TableSize }>()

  return async (connection, table, now) => {
    if (!holdsRows(table.type)) return { rows: 0n, bytes: 0n }
    const key = tableKey(table.tableReference)
    const found = known.get(key)
    // The etag changes with the rows, but not when a partition expires.
    const expires = table.timePartitioning?.expirationMs !== undefined
    if (found?.etag === table.etag && !expires) return found.size

    const bytes = table.schema.fields.map((field) => logicalBytes(field)).join(' + ') || '0'
    const counted = await connection.runAndReadAll(
      `SELECT count(*)::BIGINT, coalesce((${bytes})::BIGINT, 0) FROM ${livingRows(table, now)}`,
    )
    const [rows, total] = counted.getRows()[0] ?? []
    const size = { rows: BigInt(String(rows ?? 0)), bytes: BigInt(String(total ?? 0)) }
    known.set(key, { etag: table.etag, size })
    return size
  }
}
