import { withSmallEscapes } from '../sql/runtime/json-functions.ts'
import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimeValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { BigQueryError } from '../bigquery-error.ts'
import type { Field } from '../catalog/resources.ts'
import type { WireRow, WireValue } from '../sql/sql-engine.ts'
import { bignumericText, decimalText } from './decimal.ts'
import { intervalText } from './interval-text.ts'
import { dateText, dateTimeText, timeText } from './time-text.ts'

/** A row as `getQueryResults` sends it. */
export function encodeRow(values: DuckDBValue[], fields: Field[]): WireRow {
  return { f: fields.map((field, index) => ({ v: encodeValue(values[index] ?? null, field) })) }
}

function encodeValue(value: DuckDBValue, field: Field): WireValue {
  if (field.mode !== 'REPEATED') return encodeItem(value, field)
  // BigQuery sends no null arrays.
  if (value === null) return []
  if (value instanceof DuckDBListValue) {
    return value.items.map((item) => {
      if (item !== null) return { v: encodeItem(item, field) }
      const words = `Array cannot have a null element; error in writing field ${field.name}`
      throw new BigQueryError('invalidQuery', words, { location: 'query' })
    })
  }
  throw unexpected(value, field)
}

function encodeItem(value: DuckDBValue, field: Field): WireValue {
  if (value === null) return null
  switch (field.type) {
    case 'JSON':
      if (typeof value === 'string') return withSmallEscapes(value)
      break
    case 'STRING':
    case 'GEOGRAPHY':
      if (typeof value === 'string') return value
      break
    case 'INTEGER':
      if (typeof value === 'bigint' || typeof value === 'number') return String(value)
      break
    case 'FLOAT':
      if (typeof value === 'number') return floatText(value)
      break
    case 'BOOLEAN':
      if (typeof value === 'boolean') return String(value)
      break
    case 'NUMERIC':
      if (value instanceof DuckDBDecimalValue) return decimalText(value.value, value.scale)
      break
    case 'BIGNUMERIC':
      if (typeof value === 'bigint') return bignumericText(value)
      break
    case 'BYTES':
      if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('base64')
      break
    case 'TIMESTAMP':
      if (value instanceof DuckDBTimestampTZValue) return String(value.micros)
      break
    case 'DATE':
      if (value instanceof DuckDBDateValue) return dateText(value.days)
      break
    case 'DATETIME':
      if (value instanceof DuckDBTimestampValue) return dateTimeText(value.micros)
      break
    case 'INTERVAL':
      if (value instanceof DuckDBIntervalValue) return intervalText(value)
      break
    case 'RANGE':
      if (value instanceof DuckDBStructValue) return rangeText(value, field)
      break
    case 'TIME':
      if (value instanceof DuckDBTimeValue) return timeText(value.micros)
      break
    case 'RECORD':
      if (value instanceof DuckDBStructValue) {
        return encodeRow(Object.values(value.entries), field.fields ?? [])
      }
      break
  }
  throw unexpected(value, field)
}

function rangeText({ entries }: DuckDBStructValue, field: Field): string {
  const element = { name: field.name, type: field.rangeElementType?.type as Field['type'] }
  const [start, end] = ['start', 'end'].map((bound) => {
    return encodeItem(entries[bound] ?? null, element) ?? 'UNBOUNDED'
  })
  return `[${String(start)}, ${String(end)})`
}

/** As Java prints a double, which is what BigQuery sends: `1.0`, `1.0E10`, `NaN`, `Infinity`. */
export function floatText(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 1e7) return withPoint(String(value))
  const [mantissa = '', exponent = ''] = value.toExponential().split('e')
  return `${withPoint(mantissa)}E${Number(exponent)}`
}

function withPoint(digits: string): string {
  return digits.includes('.') ? digits : `${digits}.0`
}

function unexpected(value: DuckDBValue, { name, type }: Field): Error {
  const got = typeof value === 'object' ? value?.constructor.name : typeof value
  return new Error(`column ${name} should be ${type}, but the database gave ${got}`)
}
