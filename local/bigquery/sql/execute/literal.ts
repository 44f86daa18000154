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
import type { SqlType } from '../analyzer/sql-type.ts'
import { duckType, textLiteral } from '../printer/duck-sql.ts'

/** A value as a constant of DuckDB's SQL, of exactly the type that `duckType` says. */
export function valueLiteral(value: DuckDBValue, type: SqlType): string {
  if (value === null) return `CAST(NULL AS ${duckType(type)})`
  if (value instanceof DuckDBListValue) {
    const { items } = value
    const element = type.kind === 'ARRAY' ? type.element : type
    const list = items.map((item) => valueLiteral(item, element)).join(', ')
    return `CAST([${list}] AS ${duckType(type)})`
  }
  if (value instanceof DuckDBStructValue) return structLiteral(value, type)
  return `CAST(${textLiteral(textOf(value))} AS ${duckType(type)})`
}

function structLiteral({ entries }: DuckDBStructValue, type: SqlType): string {
  const fields = fieldsOf(type)
  const values = Object.values(entries).map((entry, index) => {
    const field = fields[index]
    if (!field) throw new Error('a struct has more fields than its type')
    return valueLiteral(entry, field.type)
  })
  return `CAST(row(${values.join(', ')}) AS ${duckType(type)})`
}

function fieldsOf(type: SqlType): { type: SqlType }[] {
  if (type.kind === 'RANGE') return [{ type: type.element }, { type: type.element }]
  return type.kind === 'STRUCT' ? type.fields : []
}

/** Text that DuckDB casts to the same value again. */
function textOf(value: DuckDBValue): string {
  if (value instanceof DuckDBBlobValue) {
    return [...value.bytes].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
  }
  if (typeof value === 'number') return Object.is(value, -0) ? '-0.0' : String(value)
  if (typeof value === 'string' || typeof value === 'bigint' || typeof value === 'boolean') {
    return String(value)
  }
  if (value instanceof DuckDBIntervalValue) {
    return `${value.months} months ${value.days} days ${value.micros} microseconds`
  }
  if (
    value instanceof DuckDBDateValue ||
    value instanceof DuckDBDecimalValue ||
    value instanceof DuckDBTimestampTZValue ||
    value instanceof DuckDBTimestampValue ||
    value instanceof DuckDBTimeValue
  ) {
    return value.toString()
  }
  throw new Error(`no constant for ${value?.constructor.name}`)
}

/** A moment, in microseconds since the epoch. */
export function timestampLiteral(micros: bigint): string {
  return `make_timestamptz(CAST('${micros}' AS BIGINT))`
}
