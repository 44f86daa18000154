import { DuckDBDataChunk, type DuckDBConnection, type DuckDBValue } from '@duckdb/node-api'
import type { TableReference } from '../catalog/resources.ts'
import { schemaName } from './names.ts'

/** What DuckDB takes in one piece. */
const chunkRows = 2048

/** Adds rows whose values stand in the order of the table's columns; all belong to this commit. */
export async function appendRows(
  { connection, commit }: { connection: DuckDBConnection; commit: number },
  table: TableReference,
  rows: readonly (readonly DuckDBValue[])[],
): Promise<void> {
  const appender = await connection.createAppender(table.tableId, schemaName(table))
  const types = Array.from({ length: appender.columnCount }, (_, index) =>
    appender.columnType(index),
  )
  const number = BigInt(commit)
  for (let start = 0; start < rows.length; start += chunkRows) {
    const chunk = DuckDBDataChunk.create(types)
    chunk.setRows(rows.slice(start, start + chunkRows).map((row) => [number, ...row]))
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}
