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

async function detectCsv(source: LoadSource, { csv }: LoadOptions): Promise<Field[]> {
  if (csv.skipLeadingRows === 0) {
    throw notSupported('autodetect of CSV without a header (set skipLeadingRows to 1)')
  }
  const records: string[][] = []
  for await (const batch of readCsv(readSource(source), csv)) {
    records.push(...batch.map(({ fields }) => fields.map(({ text }) => text)))
    if (records.length > sampled) break
  }
  const header = records[csv.skipLeadingRows - 1]
  const body = records.slice(csv.skipLeadingRows, csv.skipLeadingRows + sampled)
  const width = Math.max(0, ...body.map(({ length }) => length))
  return Array.from({ length: width }, (_, column) => ({
    name: columnName(header?.[column], column),
    type: commonType(
      body
        .map((record) => record[column] ?? '')
        .filter((text) => text !== csv.nullMarker)
        .map((text) => typeOfText(text, { numbers: true })),
    ),
    mode: 'NULLABLE' as const,
  }))
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
