import type { Field } from '../../local/bigquery/catalog/resources.ts'
import type { WireRow, WireValue } from '../../local/bigquery/sql/sql-engine.ts'

/**
 * A row of the API in the form of the recordings, which were written by Python's client: numbers and
 * booleans as JSON has them, times in ISO form with six digits or none, intervals as `relativedelta`.
 */
export function recordedRow(fields: Field[], { f: cells }: WireRow): Record<string, unknown> {
  return Object.fromEntries(
    fields.map((field, index) => [field.name, recordedValue(field, cells[index]?.v ?? null)]),
  )
}

function recordedValue(field: Field, value: WireValue): unknown {
  if (value === null) return null
  if (Array.isArray(value)) return value.map(({ v }) => recordedScalar(field, v))
  return recordedScalar(field, value)
}

function recordedScalar(field: Field, value: WireValue): unknown {
  if (value === null) return null
  if (typeof value !== 'string') {
    if ('f' in value) return recordedRow(field.fields ?? [], value)
    throw new Error(`an array inside an array in field ${field.name}`)
  }
  const decode = decoders[field.type]
  return decode ? decode(value, field) : value
}

const decoders: Partial<Record<Field['type'], (text: string, field: Field) => unknown>> = {
  // The recordings went through JSON numbers, which round; ours must be rounded as they were.
  INTEGER: Number,
  FLOAT: (text) => (Number.isFinite(Number(text)) ? Number(text) : text),
  BOOLEAN: (text) => text === 'true',
  TIMESTAMP: (text) => isoTimestamp(text),
  DATETIME: sixDigitsOrNone,
  TIME: sixDigitsOrNone,
  JSON: (text) => pythonJson(JSON.parse(text)),
  INTERVAL: relativedelta,
  RANGE: (text, field) => recordedRange(text, field.rangeElementType?.type),
}

/** int64 microseconds since the epoch → `2024-01-15T12:34:56.789000+00:00`. */
function isoTimestamp(text: string): string {
  const micros = BigInt(text)
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = new Date(Number((micros - fraction) / 1000n)).toISOString().slice(0, 19)
  return `${sixDigitsOrNone(`${seconds}.${String(fraction).padStart(6, '0')}`)}+00:00`
}

function sixDigitsOrNone(text: string): string {
  const [whole = '', fraction = ''] = text.split('.')
  return /[1-9]/.test(fraction) ? `${whole}.${fraction.padEnd(6, '0')}` : whole
}

/** Python's `json.dumps`, which puts blanks after commas and colons; a bare text stays bare. */
function pythonJson(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? dumps(value) : value
}

function dumps(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(dumps).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([key, item]) => `${JSON.stringify(key)}: ${dumps(item)}`,
  )
  return `{${members.join(', ')}}`
}

/** `1-2 3 4:5:6` → `relativedelta(years=+1, months=+2, days=+3, hours=+4, minutes=+5, seconds=+6)`. */
function relativedelta(text: string): string {
  const match = /^(-?)(\d+)-(\d+) (-?\d+) (-?)(\d+):(\d+):(\d+)(?:\.(\d+))?$/.exec(text)
  if (!match) return text
  const [, sign, years, months, days, timeSign, hours, minutes, seconds, fraction = ''] = match
  const parts = {
    years: Number(`${sign}${years}`),
    months: Number(`${sign}${months}`),
    days: Number(days),
    hours: Number(`${timeSign}${hours}`),
    minutes: Number(`${timeSign}${minutes}`),
    seconds: Number(`${timeSign}${seconds}`),
    microseconds: Number(`${timeSign}${fraction.padEnd(6, '0')}`),
  }
  const written = Object.entries(parts)
    .filter(([, number]) => number !== 0)
    .map(([name, number]) => `${name}=${number > 0 ? '+' : ''}${number}`)
  return `relativedelta(${written.join(', ')})`
}

/** `[2024-01-01, UNBOUNDED)` → its two ends. */
function recordedRange(text: string, type: string | undefined): unknown {
  const [start, end] = text.slice(1, -1).split(', ')
  return { start: rangeEnd(start, type), end: rangeEnd(end, type) }
}

function rangeEnd(text: string | undefined, type: string | undefined): string | null {
  if (text === undefined || text === 'UNBOUNDED' || text === 'NULL') return null
  if (type === 'TIMESTAMP' && /^-?\d+$/.test(text)) return isoTimestamp(text)
  return type === 'DATETIME' ? sixDigitsOrNone(text) : text
}
