import type { DuckDBConnection } from '@duckdb/node-api'
import { tableKey } from '../catalog/catalog-view.ts'
import type { Table } from '../catalog/resources.ts'
import { holdsRows } from '../catalog/tables.ts'
import { logicalBytes } from '../database/logical-size.ts'
import { tableName } from '../database/names.ts'
import type { TableSize } from './table-resource.ts'

/** Sizes by the etag at which they were counted: it changes with the rows. */
export type TableSizes = (connection: DuckDBConnection, table: Table) => Promise<TableSize>

/** Rows and logical bytes, as BigQuery counts them; counted again only after a change. */
export function createTableSizes(): TableSizes {
  const known = new Map<string, { etag: string; size: TableSize }>()

  return async (connection, table) => {
    if (!holdsRows(table.type)) return { rows: 0n, bytes: 0n }
    const key = tableKey(table.tableReference)
    const found = known.get(key)
    if (found?.etag === table.etag) return found.size

    const name = tableName(table.tableReference)
    const bytes = table.schema.fields.map((field) => logicalBytes(field)).join(' + ') || '0'
    const counted = await connection.runAndReadAll(
      `SELECT count(*)::BIGINT, coalesce((${bytes})::BIGINT, 0) FROM ${name}`,
    )
    const [rows, total] = counted.getRows()[0] ?? []
    const size = { rows: BigInt(String(rows ?? 0)), bytes: BigInt(String(total ?? 0)) }
    known.set(key, { etag: table.etag, size })
    return size
  }
}
