import type { DuckDBConnection } from '@duckdb/node-api'
import { tableKey } from '../catalog/catalog-view.ts'
import type { Field, Table } from '../catalog/resources.ts'
import { holdsRows } from '../catalog/tables.ts'
import { identifier, tableName } from '../database/names.ts'
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
    const bytes = table.schema.fields.map(
      (field) => `sum(${bytesOf(field, identifier(field.name))})`,
    )
    const sum = bytes.map((part) => `coalesce(${part}, 0)`).join(' + ') || '0'
    const counted = await connection.runAndReadAll(
      `SELECT count(*)::BIGINT, (${sum})::BIGINT FROM ${name}`,
    )
    const [rows, total] = counted.getRows()[0] ?? []
    const size = { rows: BigInt(String(rows ?? 0)), bytes: BigInt(String(total ?? 0)) }
    known.set(key, { etag: table.etag, size })
    return size
  }
}

/** The logical bytes of one value as DuckDB SQL; a null has none. */
function bytesOf(field: Field, value: string): string {
  if (field.mode === 'REPEATED') {
    const item = bytesOf({ ...field, mode: 'NULLABLE' }, 'item')
    return `coalesce(list_sum(list_transform(${value}, lambda item: ${item})), 0)`
  }
  const { type, fields = [] } = field
  if (type === 'RECORD') {
    const parts = fields.map((inner) => bytesOf(inner, `${value}.${identifier(inner.name)}`))
    return `(${parts.join(' + ') || '0'})`
  }
  return `CASE WHEN ${value} IS NULL THEN 0 ELSE ${sizeOfScalar(type, value)} END`
}

function sizeOfScalar(type: Field['type'], value: string): string {
  switch (type) {
    case 'STRING':
      return `2 + strlen(${value})`
    case 'BYTES':
      return `2 + octet_length(${value})`
    case 'JSON':
      return `strlen(${value}::VARCHAR)`
    case 'NUMERIC':
      return '16'
    case 'BIGNUMERIC':
      return '32'
    case 'BOOLEAN':
      return '1'
    default:
      return '8'
  }
}
