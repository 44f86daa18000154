import {
  DuckDBBlobValue,
  DuckDBDateValue,
  DuckDBDecimalValue,
  DuckDBIntervalValue,
  DuckDBListValue,
  DuckDBStructValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  DuckDBTimeValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { bignumericText, decimalText } from '../../database/decimal.ts'
import { intervalText } from '../../database/interval-text.ts'
import type { SqlType } from '../analyzer/sql-type.ts'
import { intervalOf, unscaledOf, type ValueProto } from '../printer/literals.ts'
import { canonicalJson } from '../runtime/canonical-json.ts'

/** A value of the reference as text that can be compared with that of `canonicalDuckValue`. */
export function canonicalReferenceValue(value: ValueProto | undefined, type: SqlType): string {
  if (!value || Object.keys(value).every((key) => key === 'value')) return 'NULL'
  switch (type.kind) {
    case 'INT64':
      return String(value.int64Value)
    case 'FLOAT64':
      return numberText(Number(value.doubleValue))
    case 'BOOL':
      return String(value.boolValue)
    case 'STRING':
      return JSON.stringify(value.stringValue)
    case 'BYTES':
      return Buffer.from(value.bytesValue ?? []).toString('hex')
    case 'NUMERIC':
      return decimalText(unscaledOf(value.numericValue), 9)
    case 'BIGNUMERIC':
      return bignumericText(unscaledOf(value.bignumericValue))
    case 'JSON':
      return canonicalJson(value.jsonValue ?? '')
    case 'DATE':
      return String(value.dateValue ?? 0)
    case 'TIMESTAMP': {
      const { seconds = '0', nanos = 0 } = value.timestampValue ?? {}
      return String(BigInt(seconds) * 1_000_000n + BigInt(nanos) / 1000n)
    }
    case 'DATETIME': {
      const bits = BigInt(value.datetimeValue?.bitFieldDatetimeSeconds ?? 0)
      const [year, month, day] = [bitsOf(bits, 26, 14), bitsOf(bits, 22, 4), bitsOf(bits, 17, 5)]
      const date = new Date(0)
      date.setUTCFullYear(year, month - 1, day)
      const clock = bitsOf(bits, 12, 5) * 3600 + bitsOf(bits, 6, 6) * 60 + bitsOf(bits, 0, 6)
      const seconds = BigInt(date.getTime() / 1000 + clock)
      return String(seconds * 1_000_000n + BigInt(value.datetimeValue?.nanos ?? 0) / 1000n)
    }
    case 'TIME': {
      const bits = BigInt(value.timeValue ?? 0)
      const clock = bitsOf(bits, 42, 5) * 3600 + bitsOf(bits, 36, 6) * 60 + bitsOf(bits, 30, 6)
      return String(clock * 1_000_000 + bitsOf(bits, 0, 30) / 1000)
    }
    case 'INTERVAL':
      return intervalText(intervalOf(value.intervalValue ?? new Uint8Array(16)))
    case 'RANGE': {
      const { start, end } = value.rangeValue ?? {}
      const ends = [start, end].map((bound) => canonicalReferenceValue(bound, type.element))
      return `[${ends.join(', ')})`
    }
    case 'ARRAY': {
      const items = value.arrayValue?.element ?? []
      return `[${items.map((item) => canonicalReferenceValue(item, type.element)).join(', ')}]`
    }
    case 'STRUCT': {
      const fields = type.fields.map((field, index) => {
        return canonicalReferenceValue(value.structValue?.field?.[index], field.type)
      })
      return `(${fields.join(', ')})`
    }
    default:
      throw new Error(`no canonical form of ${type.kind}`)
  }
}

/** A value of DuckDB as text. */
export function canonicalDuckValue(value: DuckDBValue, type: SqlType): string {
  if (value === null) return 'NULL'
  if (type.kind === 'STRING') return JSON.stringify(value)
  if (type.kind === 'JSON') return canonicalJson(String(value))
  if (type.kind === 'FLOAT64') return numberText(Number(value))
  if (value instanceof DuckDBDecimalValue) return decimalText(value.value, value.scale)
  if (type.kind === 'BIGNUMERIC') return bignumericText(value as bigint)
  if (value instanceof DuckDBBlobValue) return Buffer.from(value.bytes).toString('hex')
  if (value instanceof DuckDBDateValue) return String(value.days)
  if (value instanceof DuckDBTimestampTZValue || value instanceof DuckDBTimestampValue) {
    return String(value.micros)
  }
  if (value instanceof DuckDBIntervalValue) return intervalText(value)
  if (value instanceof DuckDBTimeValue) return String(value.micros)
  if (value instanceof DuckDBListValue && type.kind === 'ARRAY') {
    return `[${value.items.map((item) => canonicalDuckValue(item, type.element)).join(', ')}]`
  }
  if (value instanceof DuckDBStructValue && type.kind === 'RANGE') {
    const ends = Object.values(value.entries)
    return `[${ends.map((bound) => canonicalDuckValue(bound, type.element)).join(', ')})`
  }
  if (value instanceof DuckDBStructValue && type.kind === 'STRUCT') {
    const items = Object.values(value.entries)
    const fields = type.fields.map((f, i) => canonicalDuckValue(items[i] ?? null, f.type))
    return `(${fields.join(', ')})`
  }
  return String(value)
}

/** Twelve digits: the last ones of a FLOAT64 depend on the order of additions. */
function numberText(value: number): string {
  return Number.isFinite(value) ? String(Number(value.toPrecision(12))) : String(value)
}

function bitsOf(bits: bigint, shift: number, width: number): number {
  return Number((bits >> BigInt(shift)) & ((1n << BigInt(width)) - 1n))
}
