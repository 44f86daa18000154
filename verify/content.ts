import { createHash } from 'node:crypto'
import { canonicalText, parseExactly } from './canonical-json.ts'

/** A row of `raw_events` as the queries of landed-rows.ts give it. */
export type Row = {
  object_name: string
  message_id: string
  publish_micros: string
  event_type: string
  payload: string | null
  raw_payload: string | null
  errors: string
  attributes: string | null
  source: string
}

/** What a line or a row says, in a form in which both can be compared; a payload as its hash. */
export type Content = {
  publish_time: string
  event_type: string
  payload: string
  raw_payload: string
  errors: string
  attributes: string
  source: string
}

export type LineContent = Content & { message_id: string; object_name: string; isPointer: boolean }

export type RowContent = Content & {
  /** Of a row that BigQuery did not take with its payload: that payload, which is there as bytes. */
  refusedPayload?: string
  wasRefused: boolean
}

const none = ''

export function contentOfLine(text: string): LineContent {
  const line = asFields(parseExactly(text))
  const { payload, raw_payload, errors = [], attributes = {} } = line
  return {
    message_id: String(line['message_id']),
    object_name: String(line['object_name']),
    publish_time: microsOf(String(line['publish_time'])),
    event_type: String(line['event_type']),
    payload: payload === undefined ? none : hashOf(canonicalText(payload)),
    raw_payload: raw_payload === undefined ? none : hashOf(String(raw_payload)),
    errors: canonicalText(errors),
    attributes: canonicalText(attributes),
    source: String(line['source']),
    isPointer: codesOf(errors).includes('row_too_large'),
  }
}

export function contentOfRow(row: Row): RowContent {
  const { payload, raw_payload, attributes } = row
  const errors: unknown[] = JSON.parse(row.errors)
  const others = errors.filter((error) => codeOf(error) !== 'refused_by_bigquery')
  const wasRefused = others.length < errors.length
  return {
    publish_time: row.publish_micros,
    event_type: row.event_type,
    payload: payload === null ? none : hashOf(canonicalText(parseExactly(payload))),
    raw_payload: raw_payload === null ? none : hashOf(raw_payload),
    errors: canonicalText(others),
    attributes: canonicalText(attributes === null ? {} : parseExactly(attributes)),
    source: row.source,
    wasRefused,
    ...(wasRefused && raw_payload !== null && { refusedPayload: hashOfBytes(raw_payload) }),
  }
}

const compared = [
  'publish_time',
  'event_type',
  'payload',
  'raw_payload',
  'errors',
  'attributes',
  'source',
] as const

/** The columns in which a row does not say what its line says. */
export function differingColumns(line: LineContent, row: RowContent): string[] {
  const expected = expectedOf(line, row)
  return compared.filter((column) => row[column] !== expected[column])
}

/** A row may lack what BigQuery could not hold: the whole event, or its payload as JSON. */
function expectedOf(line: LineContent, row: RowContent): Content {
  const isEmpty = row.payload === none && row.raw_payload === none
  if (line.isPointer || (row.wasRefused && isEmpty)) {
    return { ...line, payload: none, raw_payload: none }
  }
  const isHere = row.wasRefused && line.payload !== none && row.refusedPayload === line.payload
  return isHere ? { ...line, payload: none, raw_payload: row.raw_payload } : line
}

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

function hashOfBytes(base64: string): string {
  const text = Buffer.from(base64, 'base64').toString()
  try {
    return hashOf(canonicalText(parseExactly(text)))
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
    // It was no text in its line either.
    return none
  }
}

/** BigQuery keeps microseconds. */
function microsOf(time: string): string {
  const [seconds = '', fraction = ''] = time.replace('Z', '').split('.')
  const ms = Date.parse(`${seconds}Z`)
  return Number.isFinite(ms)
    ? `${BigInt(ms) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6))}`
    : time
}

function asFields(value: unknown): Record<string, unknown> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  throw new SyntaxError('it is no JSON object')
}

function codesOf(errors: unknown): string[] {
  return Array.isArray(errors) ? errors.map(codeOf) : []
}

function codeOf(error: unknown): string {
  const isError = typeof error === 'object' && error !== null && 'code' in error
  return isError ? String(error.code) : ''
}
