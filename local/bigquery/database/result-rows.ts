import type { DuckDBConnection, DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api'
import type { Field } from '../catalog/resources.ts'
import type { Rows, WireRow } from '../sql/sql-engine.ts'
import { encodeRow } from './encode-wire.ts'

/** Results of no more rows are encoded at once: DuckDB holds room for 2,048 rows of even one. */
const fewRows = 100

/** Runs a query and keeps its rows, larger results as DuckDB gave them: those are encoded when they are read. */
export async function runForRows(
  connection: DuckDBConnection,
  sql: string,
  fields: Field[],
): Promise<Rows> {
  const result = await connection.run(sql)
  const chunks = await result.fetchAllChunks()
  const rows = rowsOfChunks(chunks, fields)
  if (rows.count <= fewRows) return encodedRows(rows.read(0, rows.count))
  // A NULL in an array fails the query, not the reading of its result later on.
  if (fields.some(holdsArrays)) rows.read(0, rows.count)
  return rows
}

function encodedRows(rows: WireRow[]): Rows {
  return {
    count: rows.length,
    bytes: 2 * JSON.stringify(rows).length,
    read: (start, wanted) => rows.slice(start, start + wanted),
  }
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
  let bytes = 0
  for (const chunk of chunks) {
    const { rowCount } = chunk
    starts.push(count)
    count += rowCount
    // The first row stands for all of its chunk.
    const sample = rowCount > 0 ? chunk.getRowValues(0) : []
    bytes += rowCount * JSON.stringify(encodeRow(sample, fields)).length
  }
  return {
    count,
    bytes,
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
