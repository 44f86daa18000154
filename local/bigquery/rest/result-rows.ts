import { notSupported } from '../bigquery-error.ts'
import type { Field } from '../catalog/resources.ts'
import { floatText } from '../database/encode-wire.ts'
import type { Rows, WireRow, WireValue } from '../sql/sql-engine.ts'
import { pageToken, type Page } from './paging.ts'

/** BigQuery ends a page at about this size, whatever was asked for. */
const pageBytes = 10 * 1024 * 1024
const chunk = 1000

/** A page of rows with the token of the next; no `rows` at all where there are none, as BigQuery does. */
export function pageOfRows(
  rows: Pick<Rows, 'count' | 'read'>,
  { start, count }: Page,
  encode: (row: WireRow) => WireRow,
): { rows?: WireRow[]; pageToken?: string } {
  const end = Math.min(rows.count, start + count)
  const page: WireRow[] = []
  let size = 0
  while (start + page.length < end && size < pageBytes) {
    const next = start + page.length
    const read = rows.read(next, Math.min(chunk, end - next)).map(encode)
    if (read.length === 0) break
    page.push(...read)
    // An estimate from the first row of each chunk spares writing everything twice.
    size += JSON.stringify(read[0]).length * read.length
  }
  const next = start + page.length
  return {
    ...(page.length > 0 && { rows: page }),
    ...(next < rows.count && { pageToken: pageToken(next) }),
  }
}

/** How a client wants its timestamps, as `formatOptions` of a request says. */
export type TimestampFormat = { useInt64Timestamp?: unknown; timestampOutputFormat?: unknown }

/** Sends int64 microseconds or, by default, seconds as a floating-point number. */
export function timestampEncoder(
  fields: Field[],
  { useInt64Timestamp, timestampOutputFormat: format }: TimestampFormat,
): (row: WireRow) => WireRow {
  if (format === 'ISO8601_STRING') throw notSupported('timestampOutputFormat ISO8601_STRING')
  // Python's client writes the word with a capital.
  const int64 = format === 'INT64' || /^true$/i.test(String(useInt64Timestamp))
  if (int64 || !fields.some(holdsTimestamp)) return (row) => row
  return (row) => floatRow(fields, row)
}

/** The same options in a query string. */
export function timestampFormatOf(query: URLSearchParams): TimestampFormat {
  return {
    useInt64Timestamp: query.get('formatOptions.useInt64Timestamp'),
    timestampOutputFormat: query.get('formatOptions.timestampOutputFormat'),
  }
}

function holdsTimestamp({ type, fields = [] }: Field): boolean {
  return type === 'TIMESTAMP' || fields.some(holdsTimestamp)
}

function floatRow(fields: Field[], { f: cells }: WireRow): WireRow {
  return {
    f: cells.map((cell, index) => {
      const field = fields[index]
      return field && holdsTimestamp(field) ? { v: floatValue(field, cell.v) } : cell
    }),
  }
}

function floatValue(field: Field, value: WireValue): WireValue {
  if (value === null) return null
  if (Array.isArray(value)) return value.map(({ v }) => ({ v: floatValue(field, v) }))
  if (typeof value === 'object') return floatRow(field.fields ?? [], value)
  return floatSeconds(value)
}

/** `1704067205000000` → `1.704067205E9`. */
export function floatSeconds(micros: string): string {
  return floatText(Number(micros) / 1e6)
}
