import {
  blobValue,
  dateValue,
  DuckDBDecimalValue,
  timestampTZValue,
  timestampValue,
  timeValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { notSupported } from '../bigquery-error.ts'
import type { FieldType } from '../catalog/resources.ts'
import { parseBignumeric, scaledDecimal } from './decimal.ts'
import { parseDate, parseDateTime, parseTime, parseTimestamp } from './parse-time.ts'

/** Why a value does not fit its column, in BigQuery's words. */
export class ValueError extends Error {
  override name = 'ValueError'
}

export type CanonicalJson = (text: string) => string

/** Reads a value that is neither null nor repeated nor a record, as rows in JSON hold it. */
export function decodeScalar(
  type: FieldType,
  value: unknown,
  canonicalJson: CanonicalJson,
): DuckDBValue {
  switch (type) {
    case 'STRING':
      return decodeText(value)
    case 'INTEGER':
      return decodeInteger(value)
    case 'FLOAT':
      return decodeFloat(value)
    case 'NUMERIC':
      return decodeNumeric(value)
    case 'BIGNUMERIC':
      return decodeBignumeric(value)
    case 'BOOLEAN':
      return decodeBoolean(value)
    case 'BYTES':
      return decodeBytes(value)
    case 'TIMESTAMP':
      return timestampTZValue(
        parsed(
          parseTimestamp,
          value,
          (text) =>
            `Could not parse '${text}' as a timestamp. Required format is ` +
            'YYYY-MM-DD HH:MM[:SS[.SSSSSS]] or YYYY/MM/DD HH:MM[:SS[.SSSSSS]]',
        ),
      )
    case 'DATE':
      return dateValue(parsed(parseDate, value, (text) => `Invalid date: '${text}'`))
    case 'DATETIME':
      return timestampValue(
        parsed(parseDateTime, value, (text) => `Invalid datetime string "${text}"`),
      )
    case 'TIME':
      return timeValue(parsed(parseTime, value, (text) => `Invalid time string "${text}"`))
    case 'JSON':
      return decodeJson(value, canonicalJson)
    default:
      throw notSupported(`rows with values of type ${type}`)
  }
}

function decodeText(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') {
    return String(value)
  }
  throw bad('string', value)
}

function decodeInteger(value: unknown): bigint {
  if (typeof value === 'bigint') return inInt64(value)
  if (typeof value === 'number' && Number.isInteger(value)) return inInt64(BigInt(value))
  if (typeof value === 'string' && /^\s*[+-]?\d+\s*$/.test(value)) return inInt64(BigInt(value))
  if (typeof value === 'boolean') return value ? 1n : 0n
  throw bad('integer', value)
}

function inInt64(value: bigint): bigint {
  if (BigInt.asIntN(64, value) === value) return value
  throw bad('integer', value)
}

function decodeFloat(value: unknown): number {
  if (typeof value === 'number') return value
  if (typeof value === 'bigint') return Number(value)
  if (typeof value === 'string') {
    const text = value.trim()
    if (/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text)
    const special = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(text)
    if (special?.[2] !== undefined) return special[1] === '-' ? -Infinity : Infinity
    if (special) return Number.NaN
  }
  throw bad('floating point', value)
}

const largestNumeric = 10n ** 38n

function decodeNumeric(value: unknown): DuckDBValue {
  const unscaled = scaledDecimal(numberText(value)?.trim() ?? '', 9)
  if (unscaled !== null && unscaled < largestNumeric && -unscaled < largestNumeric) {
    return new DuckDBDecimalValue(unscaled, 38, 9)
  }
  throw new ValueError(`Invalid NUMERIC value: ${shown(value)}`)
}

function decodeBignumeric(value: unknown): bigint {
  const unscaled = parseBignumeric(numberText(value)?.trim() ?? '')
  if (unscaled !== null) return unscaled
  throw new ValueError(`Invalid BIGNUMERIC value: ${shown(value)}`)
}

function numberText(value: unknown): string | undefined {
  if (typeof value === 'number' || typeof value === 'bigint') return String(value)
  return typeof value === 'string' ? value : undefined
}

function decodeBoolean(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  const text = String(value).toLowerCase()
  if (text === 'true' || text === 't' || text === 'yes' || text === 'y' || text === '1') return true
  if (text === 'false' || text === 'f' || text === 'no' || text === 'n' || text === '0') {
    return false
  }
  throw bad('boolean', value)
}

function decodeBytes(value: unknown): DuckDBValue {
  if (typeof value !== 'string' || !/^[A-Za-z0-9+/\-_]*={0,2}$/.test(value)) {
    throw new ValueError(`Could not decode base64 string to bytes: ${shown(value)}`)
  }
  return blobValue(Buffer.from(value, 'base64'))
}

function decodeJson(value: unknown, canonicalJson: CanonicalJson): string {
  if (typeof value === 'string') return canonicalJson(value)
  if (typeof value === 'number' || typeof value === 'boolean') return canonicalJson(String(value))
  throw new ValueError('This field is not a record.')
}

function parsed<T>(
  parse: (text: string) => T | undefined,
  value: unknown,
  message: (text: string) => string,
): T {
  const text = numberText(value)
  const result = text === undefined ? undefined : parse(text.trim())
  if (result === undefined) throw new ValueError(message(shown(value)))
  return result
}

function bad(type: string, value: unknown): ValueError {
  return new ValueError(`Cannot convert value to ${type} (bad value): ${shown(value)}`)
}

function shown(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
