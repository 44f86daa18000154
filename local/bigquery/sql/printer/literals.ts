import { notSupported } from '../../bigquery-error.ts'
import { decimalText } from '../../database/decimal.ts'
import type { Interval } from '../../database/interval-text.ts'
import { type SqlType, typeName } from '../analyzer/sql-type.ts'
import { canonicalJson } from '../runtime/canonical-json.ts'
import { duckType, fieldName, identifier, textLiteral } from './duck-sql.ts'

/** GoogleSQL's `ValueProto`; NULL has no field set. */
export type ValueProto = {
  int64Value?: string
  boolValue?: boolean
  doubleValue?: number | string
  stringValue?: string
  bytesValue?: Uint8Array
  numericValue?: Uint8Array
  bignumericValue?: Uint8Array
  jsonValue?: string
  dateValue?: number
  timestampValue?: { seconds?: string; nanos?: number }
  datetimeValue?: { bitFieldDatetimeSeconds?: string; nanos?: number }
  timeValue?: string
  intervalValue?: Uint8Array
  rangeValue?: { start?: ValueProto; end?: ValueProto }
  arrayValue?: { element?: ValueProto[] }
  structValue?: { field?: ValueProto[] }
  enumValue?: number
}

/** A constant in DuckDB's SQL, of exactly the type that `duckType` says. */
export function printValue(value: ValueProto, type: SqlType): string {
  if (isNull(value)) return `CAST(NULL AS ${duckType(type)})`
  switch (type.kind) {
    case 'INT64':
      return `CAST('${value.int64Value}' AS BIGINT)`
    case 'BOOL':
      return String(value.boolValue)
    case 'FLOAT64':
      return `CAST('${doubleText(Number(value.doubleValue))}' AS DOUBLE)`
    case 'STRING':
      return textLiteral(value.stringValue ?? '')
    case 'BYTES':
      return `unhex('${Buffer.from(value.bytesValue ?? []).toString('hex')}')`
    case 'NUMERIC':
      return `CAST('${decimalText(unscaledOf(value.numericValue), 9)}' AS DECIMAL(38,9))`
    case 'BIGNUMERIC':
      return `CAST('${unscaledOf(value.bignumericValue)}' AS BIGNUM)`
    case 'JSON':
      return `CAST(${textLiteral(canonicalJson(value.jsonValue ?? 'null'))} AS JSON)`
    case 'DATE':
      return `DATE '${dateText(value.dateValue ?? 0)}'`
    case 'TIMESTAMP':
      return `make_timestamptz(${micros(value.timestampValue)})`
    case 'DATETIME':
      return `TIMESTAMP '${datetimeText(value.datetimeValue)}'`
    case 'TIME':
      return `TIME '${timeText(value.timeValue ?? '0')}'`
    case 'INTERVAL':
      return intervalLiteral(intervalOf(value.intervalValue ?? new Uint8Array(16)))
    case 'RANGE': {
      const { start = {}, end = {} } = value.rangeValue ?? {}
      const ends = [start, end].map((bound) => printValue(plainValue(bound), type.element))
      return `struct_pack("start" := ${ends[0]}, "end" := ${ends[1]})`
    }
    case 'ARRAY': {
      const items = (value.arrayValue?.element ?? []).map((item) => printValue(item, type.element))
      return `CAST([${items.join(', ')}] AS ${duckType(type)})`
    }
    case 'STRUCT': {
      const fields = type.fields.map((field, index) => {
        const item = printValue(value.structValue?.field?.[index] ?? {}, field.type)
        return `${identifier(fieldName(field, index))} := ${item}`
      })
      return `struct_pack(${fields.join(', ')})`
    }
    default:
      throw notSupported(`constant of type ${typeName(type)}`)
  }
}

function intervalLiteral(interval: Interval): string {
  const { months, days, micros: time } = interval
  return `(to_months(${months}) + to_days(${days}) + to_microseconds(CAST('${time}' AS BIGINT)))`
}

/** Microseconds, days, and the months between a sign and the nanoseconds. */
export function intervalOf(bytes: Uint8Array): Interval {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const rest = view.getUint32(12, true)
  const months = ((rest >>> 13) & 0x3ffff) * (rest >>> 31 === 1 ? -1 : 1)
  return { months, days: view.getInt32(8, true), micros: view.getBigInt64(0, true) }
}

/** Without the name of its field, which the decoder adds. */
function plainValue(value: ValueProto): ValueProto {
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== 'value'))
}

function isNull(value: ValueProto): boolean {
  return Object.keys(value).length === 0
}

function doubleText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  return Object.is(value, -0) ? '-0.0' : String(value)
}

/** Little-endian two's complement of the value times a power of ten. */
export function unscaledOf(bytes: Uint8Array = new Uint8Array()): bigint {
  let unscaled = 0n
  for (const byte of bytes.toReversed()) unscaled = (unscaled << 8n) | BigInt(byte)
  return BigInt.asIntN(bytes.length * 8, unscaled)
}

function dateText(daysSinceEpoch: number): string {
  return new Date(daysSinceEpoch * 86_400_000).toISOString().slice(0, 10)
}

function micros(timestamp: ValueProto['timestampValue']): string {
  const { seconds = '0', nanos = 0 } = timestamp ?? {}
  return `CAST('${BigInt(seconds) * 1_000_000n + BigInt(Math.floor(nanos / 1000))}' AS BIGINT)`
}

function datetimeText(datetime: ValueProto['datetimeValue']): string {
  const { bitFieldDatetimeSeconds = '0', nanos = 0 } = datetime ?? {}
  const field = bitReader(BigInt(bitFieldDatetimeSeconds))
  const date = `${pad(field(26, 14), 4)}-${pad(field(22, 4))}-${pad(field(17, 5))}`
  return `${date} ${pad(field(12, 5))}:${pad(field(6, 6))}:${pad(field(0, 6))}.${microText(nanos)}`
}

function timeText(bits: string): string {
  const field = bitReader(BigInt(bits))
  const clock = `${pad(field(42, 5))}:${pad(field(36, 6))}:${pad(field(30, 6))}`
  return `${clock}.${microText(field(0, 30))}`
}

function bitReader(bits: bigint) {
  return (shift: number, width: number): number =>
    Number((bits >> BigInt(shift)) & ((1n << BigInt(width)) - 1n))
}

function microText(nanos: number): string {
  return pad(Math.floor(nanos / 1000), 6)
}

function pad(value: number, width = 2): string {
  return String(value).padStart(width, '0')
}
