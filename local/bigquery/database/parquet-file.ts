import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'
import { BigQueryError, notSupported } from '../bigquery-error.ts'
import type { Field, FieldType } from '../catalog/resources.ts'
import { identifier, literal } from './names.ts'

/** Types of which DuckDB's file says the same as BigQuery's. */
const exact = new Set<FieldType>([
  'STRING',
  'BYTES',
  'INTEGER',
  'FLOAT',
  'NUMERIC',
  'BOOLEAN',
  'TIMESTAMP',
  'DATE',
  'TIME',
  'DATETIME',
  'RECORD',
])

const codecs = ['NONE', 'SNAPPY', 'GZIP', 'ZSTD']

/** The rows of a query as a Parquet file; `sql` gives the columns of `fields` in their order. */
export async function parquetFile(
  connection: DuckDBConnection,
  { sql, fields, compression }: { sql: string; fields: Field[]; compression: string },
): Promise<{ body: Uint8Array; rowCount: number }> {
  if (!codecs.includes(compression)) {
    const message = `Parquet files are not compressed by ${compression}: ${codecs.join(', ')} are known.`
    throw new BigQueryError('invalid', message)
  }
  requireExact(fields)
  const names = fields.map(({ name }) => identifier(name)).join(', ')
  const codec = compression === 'NONE' ? 'uncompressed' : compression.toLowerCase()
  const folder = await mkdtemp(join(tmpdir(), 'export-'))
  try {
    const file = join(folder, 'data.parquet')
    const { rowsChanged } = await connection.run(
      `COPY (SELECT * FROM (${sql}) AS _rows (${names})) TO ${literal(file)} (FORMAT parquet, COMPRESSION ${codec})`,
    )
    return { body: await readFile(file), rowCount: rowsChanged }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function requireExact(fields: Field[]): void {
  for (const { type, mode, fields: inner = [] } of fields) {
    if (mode === 'REPEATED') throw notSupported('an export of arrays in the format PARQUET')
    if (!exact.has(type)) throw notSupported(`an export of ${type} in the format PARQUET`)
    requireExact(inner)
  }
}
