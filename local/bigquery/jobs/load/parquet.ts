import { createWriteStream } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { DuckDBConnection } from '@duckdb/node-api'
import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import type { Change } from '../../catalog/catalog.ts'
import type { Field, FieldType, Schema, Table } from '../../catalog/resources.ts'
import { columnType, ingestionColumns } from '../../database/column-type.ts'
import { identifier, literal, tableName } from '../../database/names.ts'
import { typeText } from '../../sql/execute/ddl/type-text.ts'
import type { LoadOptions } from './load-options.ts'
import type { LoadSource } from './load-source.ts'

const types: Record<string, FieldType> = {
  BOOLEAN: 'BOOLEAN',
  TINYINT: 'INTEGER',
  SMALLINT: 'INTEGER',
  INTEGER: 'INTEGER',
  BIGINT: 'INTEGER',
  UTINYINT: 'INTEGER',
  USMALLINT: 'INTEGER',
  UINTEGER: 'INTEGER',
  FLOAT: 'FLOAT',
  DOUBLE: 'FLOAT',
  VARCHAR: 'STRING',
  BLOB: 'BYTES',
  DATE: 'DATE',
  TIME: 'TIME',
  TIMESTAMP: 'DATETIME',
  'TIMESTAMP WITH TIME ZONE': 'TIMESTAMP',
}

/** The columns of the first file; a type without a sure counterpart is refused. */
export async function parquetSchema(
  connection: DuckDBConnection,
  [source]: LoadSource[],
  options: LoadOptions,
): Promise<Schema> {
  if (!source) throw new BigQueryError('invalid', 'There are no files to load.')
  return await withLocalFile(source, async (file) => ({
    fields: await fieldsOf(connection, file, options),
  }))
}

/** Adds the rows of the files, whose columns must be those of the table. */
export async function appendParquet(
  { connection }: Change,
  table: Table,
  { sources, options, time }: { sources: LoadSource[]; options: LoadOptions; time: bigint },
): Promise<number> {
  const hidden = ingestionColumns(table, time)
  let rows = 0
  for (const source of sources) {
    rows += await withLocalFile(source, async (file) => {
      const found = await fieldsOf(connection, file, options)
      const columns = table.schema.fields.filter(({ name }) => hasField(found, name))
      requireColumns(found, table)
      const names = [...columns.map(({ name }) => identifier(name)), ...hidden.names]
      const values = [...columns.map(storedColumn), ...hidden.values]
      const result = await connection.run(
        `INSERT INTO ${tableName(table.tableReference)} (${names.join(', ')}) ` +
          `SELECT ${values.join(', ')} FROM read_parquet(${literal(file)})`,
      )
      return result.rowsChanged
    })
  }
  return rows
}

function requireColumns(found: Field[], { schema: { fields } }: Table): void {
  for (const { name, type, mode = 'NULLABLE' } of found) {
    const column = fields.find((field) => field.name.toLowerCase() === name.toLowerCase())
    if (!column)
      throw new BigQueryError(
        'invalid',
        `Invalid schema update. Cannot add fields (field: ${name})`,
      )
    const fits = column.type === type || widenings.has(`${type} ${column.type}`)
    if (!fits || (mode === 'REPEATED') !== (column.mode === 'REPEATED')) {
      throw new BigQueryError(
        'invalid',
        `Error while reading data, error message: Parquet column '${name}' has type ${type} which ` +
          `does not match the target type ${column.type}.`,
      )
    }
  }
  const parameterized = fields.find(({ maxLength, precision }) => maxLength ?? precision)
  if (parameterized) throw notSupported(`Parquet loads into ${typeText(parameterized)}`)
  for (const { name, mode, defaultValueExpression } of fields) {
    if (hasField(found, name)) continue
    if (defaultValueExpression !== undefined)
      throw notSupported('Parquet loads that need a DEFAULT')
    if (mode === 'REQUIRED') {
      throw new BigQueryError('invalid', `Missing required field: ${name}.`)
    }
  }
}

const widenings = new Set([
  'INTEGER FLOAT',
  'INTEGER NUMERIC',
  'INTEGER BIGNUMERIC',
  'NUMERIC BIGNUMERIC',
  'DATETIME TIMESTAMP',
])

function storedColumn(field: Field): string {
  const column = identifier(field.name)
  if (field.type !== 'BIGNUMERIC') return `${column}::${columnType(field)}`
  if (field.mode !== 'REPEATED') return bignumericOf(column)
  return `list_transform(${column}, lambda item: ${bignumericOf('item')})`
}

function bignumericOf(value: string): string {
  return `js_bignumeric_strict(CAST(${value} AS VARCHAR))`
}

function hasField(fields: Field[], name: string): boolean {
  return fields.some((field) => field.name.toLowerCase() === name.toLowerCase())
}

async function fieldsOf(
  connection: DuckDBConnection,
  file: string,
  options: LoadOptions,
): Promise<Field[]> {
  let described
  try {
    described = await connection.runAndReadAll(
      `SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM read_parquet(${literal(file)}))`,
    )
  } catch (cause) {
    throw new BigQueryError(
      'invalid',
      `Error while reading data, error message: Input file is not in Parquet format.`,
      { cause },
    )
  }
  return described.getRows().map(([name, type]) => fieldOf(String(name), String(type), options))
}

function fieldOf(name: string, type: string, options: LoadOptions): Field {
  const isList = type.endsWith('[]')
  if (isList && !options.enableListInference) {
    throw notSupported('Parquet lists without parquetOptions.enableListInference')
  }
  const item = isList ? type.slice(0, -2) : type
  const known = /^DECIMAL\(\d+,[0-9]\)$/.test(item) ? 'NUMERIC' : types[item]
  if (!known) throw notSupported(`Parquet columns of the type ${type}`)
  return { name, type: known, mode: isList ? 'REPEATED' : 'NULLABLE' }
}

/** Parquet is read from its end: it must lie in a file. */
async function withLocalFile<T>(
  source: LoadSource,
  work: (file: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'load-'))
  try {
    const file = join(folder, 'data.parquet')
    await pipeline(await source.open(), createWriteStream(file))
    return await work(file)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
