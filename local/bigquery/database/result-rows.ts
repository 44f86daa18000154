import type { DuckDBConnection, DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api'
import type { Field } from '../catalog/resources.ts'
import type { Rows } from '../sql/sql-engine.ts'
import { encodeRow } from './encode-wire.ts'

/** Runs a query and keeps its rows as DuckDB gave them; they are encoded when they are read. */
export async function runForRows(
  connection: DuckDBConnection,
  sql: string,
  fields: Field[],
): Promise<Rows> {
  const result = await connection.run(sql)
  const chunks = await result.fetchAllChunks()
  const rows = rowsOfChunks(chunks, fields)
  // A NULL in an array fails the query, not the reading of its result later on.
  if (fields.some(holdsArrays)) rows.read(0, rows.count)
  return rows
}

function holdsArrays({ mode, fields = [] }: Field): boolean {
  return mode === 'REPEATED' || fields.some(holdsArrays)
}

/** Runs a query for its values. */
export async function runForValues(
  connection: DuckDBConnection,
  sql: string,
): Promise<DuckDBValue[][]> {
  const result = await connection.run(sql)
  return await result.getRows()
}

function rowsOfChunks(chunks: DuckDBDataChunk[], fields: Field[]): Rows {
  const starts: number[] = []
  let count = 0
  for (const { rowCount } of chunks) {
    starts.push(count)
    count += rowCount
  }
  return {
    count,
    read(start, wanted) {
      const end = Math.min(count, start + wanted)
      const rows: DuckDBValue[][] = []
      for (const [index, chunk] of chunks.entries()) {
        const first = starts[index] ?? 0
        if (first >= end || first + chunk.rowCount <= start) continue
        const here = chunk.getRows()
        rows.push(...here.slice(Math.max(0, start - first), end - first))
      }
      return rows.map((row) => encodeRow(row, fields))
    },
  }
}
