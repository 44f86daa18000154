import {
  DuckDBDataChunk,
  timestampTZValue,
  type DuckDBConnection,
  type DuckDBValue,
} from '@duckdb/node-api'
import type { Table } from '../catalog/resources.ts'
import { ingestionTime } from './column-type.ts'
import { literal, schemaName } from './names.ts'
import { partitionTime } from './partition-time.ts'
import { runForValues } from './result-rows.ts'

/** What DuckDB takes in one piece. */
const chunkRows = 2048

export type Appending = { connection: DuckDBConnection; commit: number }

/**
 * Adds rows whose values stand in the order of the table's columns; all belong to this commit. Where
 * rows are partitioned by the time at which they come, `time` is that, in microseconds.
 */
export async function appendRows(
  change: Appending,
  table: Pick<Table, 'tableReference' | 'timePartitioning'>,
  rows: readonly (readonly DuckDBValue[])[],
  time: bigint,
): Promise<void> {
  const { connection, commit } = change
  const { tableReference: reference } = table
  const complete = await completer(change, table, time)
  const appender = await connection.createAppender(reference.tableId, schemaName(reference))
  const types = Array.from({ length: appender.columnCount }, (_, index) =>
    appender.columnType(index),
  )
  const number = BigInt(commit)
  for (let start = 0; start < rows.length; start += chunkRows) {
    const chunk = DuckDBDataChunk.create(types)
    const part = rows.slice(start, start + chunkRows)
    chunk.setRows(part.map((row) => [number, ...complete(row)]))
    appender.appendDataChunk(chunk)
  }
  appender.closeSync()
}

type Row = readonly DuckDBValue[]

/** Puts the hidden column where it stands: columns that were added later stand after it. */
async function completer(
  { connection }: Appending,
  {
    tableReference: reference,
    timePartitioning,
  }: Pick<Table, 'tableReference' | 'timePartitioning'>,
  time: bigint,
): Promise<(row: Row) => Row> {
  if (!timePartitioning || timePartitioning.field !== undefined) return (row) => row
  const [[position] = []] = await runForValues(
    connection,
    `SELECT column_index FROM duckdb_columns() WHERE schema_name = ${literal(schemaName(reference))} ` +
      `AND table_name = ${literal(reference.tableId)} AND column_name = ${literal(ingestionTime)}`,
  )
  // Counted from one, and the commit stands first.
  const index = Number(position) - 2
  const value = timestampTZValue(partitionTime(timePartitioning.type, time))
  return (row) => row.toSpliced(index, 0, value)
}
