import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import type { Field, FieldType, Schema } from '../../catalog/resources.ts'
import { isObject } from '../../is-object.ts'
import { readCsv } from './csv-records.ts'
import { readLines } from './lines.ts'
import type { LoadOptions } from './load-options.ts'
import { readSource, type LoadSource } from './load-source.ts'

/** As many rows as BigQuery looks at. */
const sampled = 500

/** Columns and types as the first rows of the first file suggest them. */
export async function detectSchema(source: LoadSource, options: LoadOptions): Promise<Schema> {
  const fields =
    options.format === 'CSV' ? await detectCsv(source, options) : await detectJson(source)
  if (fields.length > 0) return { fields }
  throw new BigQueryError('invalid', `Failed to detect schema: ${source.name} holds no rows.`)
}

async function detectJson(source: LoadSource): Promise<Field[]> {
  const rows: Record<string, unknown>[] = []
  for await (const lines of readLines(readSource(source))) {
    for (const { text, position } of lines.slice(0, sampled - rows.length)) {
      rows.push(parseSample(text, position, source))
    }
    if (rows.length >= sampled) break
  }
  return fieldsOf(rows)
}

function parseSample(text: string, position: number, source: LoadSource): Record<string, unknown> {
  try {
    const row: unknown = JSON.parse(text)
    if (isObject(row)) return row
  } catch (cause) {
    throw unreadable(position, source, cause)
  }
  throw unreadable(position, source)
}

function unreadable(position: number, { name }: LoadSource, cause?: unknown): BigQueryError {
  return new BigQueryError(
    'invalid',
    `Failed to detect schema: the row at position ${position} of ${name} is no JSON object.`,
    { cause },
  )
}

function fieldsOf(rows: Record<string, unknown>[]): Field[] {
  const values = new Map<string, unknown[]>()
  for (const row of rows) {
    for (const [name, value] of Object.entries(row)) {
      values.set(name, [...(values.get(name) ?? []), value])
    }
  }
  return [...values].map(([name, given]) => fieldOf(name, given))
}

function fieldOf(name: string, given: unknown[]): Field {
  const isRepeated = given.some((value) => Array.isArray(value))
  const items = given.flatMap((value) => value ?? []).filter((value) => value !== null)
  const mode = isRepeated ? 'REPEATED' : 'NULLABLE'
  const objects = items.filter(isObject)
  if (objects.length > 0) return { name, type: 'RECORD', mode, fields: fieldsOf(objects) }
  return { name, type: commonType(items.map(typeOfJson)), mode }
}

function typeOfJson(value: unknown): FieldType {
  if (typeof value === 'boolean') return 'BOOLEAN'
  if (typeof value === 'number') return Number.isInteger(value) ? 'INTEGER' : 'FLOAT'
  return typeOfText(String(value), { numbers: false })
}

/** The options of a load that leaves it to us whether a file begins with a header. */
export async function withHeader(source: LoadSource, options: LoadOptions): Promise<LoadOptions> {
  const { format, csv, schema } = options
  if (format !== 'CSV' || !csv.detectsHeader || schema) return options
  const [first = [], ...body] = await sample(source, csv)
  return {
    ...options,
    csv: { ...csv, skipLeadingRows: isHeader(first, typesOf(body, csv)) ? 1 : 0 },
  }
}

async function detectCsv(source: LoadSource, { csv }: LoadOptions): Promise<Field[]> {
  const records = await sample(source, csv)
  const types = typesOf(records.slice(csv.skipLeadingRows), csv)
  const first = records[csv.skipLeadingRows - 1]
  // A row that is skipped, but does not look like a header, names nothing.
  const header = first && isHeader(first, types) ? first : undefined
  return types.map((type, column) => ({
    name: header ? columnName(header[column], column) : nameOfType(type, column),
    type,
    mode: 'NULLABLE' as const,
  }))
}

async function sample(source: LoadSource, csv: LoadOptions['csv']): Promise<string[][]> {
  const records: string[][] = []
  for await (const batch of readCsv(readSource(source), csv)) {
    records.push(...batch.map(({ fields }) => fields.map(({ text }) => text)))
    if (records.length > sampled + csv.skipLeadingRows) break
  }
  return records.slice(0, sampled + csv.skipLeadingRows)
}

function typesOf(body: string[][], { nullMarker }: LoadOptions['csv']): FieldType[] {
  const width = Math.max(0, ...body.map(({ length }) => length))
  return Array.from({ length: width }, (_, column) => {
    const texts = body.map((record) => record[column] ?? '').filter((text) => text !== nullMarker)
    return commonType(texts.map((text) => typeOfText(text, { numbers: true })))
  })
}

/** A row of texts above values that are not all texts. */
function isHeader(row: string[], types: FieldType[]): boolean {
  return (
    row.every((text) => typeOfText(text, { numbers: true }) === 'STRING') &&
    types.some((type) => type !== 'STRING')
  )
}

const namesOfTypes: Partial<Record<FieldType, string>> = {
  STRING: 'string',
  INTEGER: 'int64',
  FLOAT: 'double',
  BOOLEAN: 'bool',
  DATE: 'date',
  TIMESTAMP: 'timestamp',
}

function nameOfType(type: FieldType, column: number): string {
  const name = namesOfTypes[type]
  if (name === undefined) throw notSupported(`autodetect of CSV without a header for ${type}`)
  return `${name}_field_${column}`
}

function columnName(given: string | undefined, column: number): string {
  const name = given?.trim().replaceAll(/\W/g, '_')
  if (!name) throw notSupported(`autodetect of CSV whose column ${column + 1} has no name`)
  return /^\d/.test(name) ? `_${name}` : name
}

const forms: [FieldType, RegExp][] = [
  ['INTEGER', /^[+-]?\d{1,18}$/],
  ['FLOAT', /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i],
  ['BOOLEAN', /^(true|false)$/i],
  ['DATE', /^\d{4}-\d{1,2}-\d{1,2}$/],
  [
    'TIMESTAMP',
    /^\d{4}-\d{1,2}-\d{1,2}[T ]\d{1,2}:\d{1,2}(:\d{1,2}(\.\d{1,6})?)?\s*(Z|UTC|[+-]\d{1,2}:?\d{0,2})?$/i,
  ],
  ['TIME', /^\d{1,2}:\d{2}:\d{2}(\.\d{1,6})?$/],
]

function typeOfText(text: string, { numbers }: { numbers: boolean }): FieldType {
  const candidates = numbers ? forms : forms.slice(3)
  return candidates.find(([, form]) => form.test(text))?.[0] ?? 'STRING'
}

function commonType(types: FieldType[]): FieldType {
  const [first = 'STRING', ...others] = new Set(types)
  if (others.length === 0) return first
  const isNumber = [first, ...others].every((type) => type === 'INTEGER' || type === 'FLOAT')
  if (isNumber) return 'FLOAT'
  const isTime = [first, ...others].every((type) => type === 'DATE' || type === 'TIMESTAMP')
  return isTime ? 'TIMESTAMP' : 'STRING'
}
