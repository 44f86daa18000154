import {
  DuckDBDateValue,
  DuckDBTimestampTZValue,
  DuckDBTimestampValue,
  listValue,
  structValue,
  type DuckDBValue,
} from '@duckdb/node-api'
import { BigQueryError } from '../../bigquery-error.ts'
import { decodeScalar, ValueError } from '../../database/decode-value.ts'
import type { QueryParameterTypes } from '../analyzer/analyzer.ts'
import { fieldOfType, typeOfParameter } from '../analyzer/field-type.ts'
import type { SqlType } from '../analyzer/sql-type.ts'
import { fieldName } from '../printer/duck-sql.ts'
import { canonicalJson } from '../runtime/canonical-json.ts'
import type { ParameterValue, QueryParameter } from '../sql-engine.ts'

export type Parameter = { type: SqlType; value: DuckDBValue }

/** Values that a request or EXECUTE IMMEDIATE hands to a statement. */
export type Parameters = { named: ReadonlyMap<string, Parameter>; positional: Parameter[] }

/** Reads what the request holds; a value that does not fit its type is refused. */
export function readParameters(given: QueryParameter[] = []): Parameters {
  const named = new Map<string, Parameter>()
  const positional: Parameter[] = []
  for (const { name, parameterType, parameterValue } of given) {
    const type = typeOfParameter(parameterType)
    const parameter = { type, value: read(parameterValue, type) }
    if (name === undefined || name === '') positional.push(parameter)
    else named.set(name.toLowerCase(), parameter)
  }
  if (named.size === 0 || positional.length === 0) return { named, positional }
  throw new BigQueryError('invalid', 'Cannot mix named and positional query parameters.')
}

/** The types alone, for the analyser; undefined where there are no parameters. */
export function parameterTypes({ named, positional }: Parameters): QueryParameterTypes | undefined {
  if (named.size > 0) {
    return { mode: 'named', types: new Map([...named].map(([name, { type }]) => [name, type])) }
  }
  if (positional.length === 0) return undefined
  return { mode: 'positional', types: positional.map(({ type }) => type) }
}

function read(value: ParameterValue | undefined, type: SqlType): DuckDBValue {
  if (type.kind === 'ARRAY') {
    const { element } = type
    return listValue((value?.arrayValues ?? []).map((item) => read(item, element)))
  }
  if (type.kind === 'STRUCT') {
    const entries = type.fields.map((field, index) => [
      fieldName(field, index),
      read(value?.structValues?.[field.name], field.type),
    ])
    return structValue(Object.fromEntries(entries) as Record<string, DuckDBValue>)
  }
  if (type.kind === 'RANGE') return rangeOf(value?.rangeValue, type.element)
  const text = value?.value
  if (text === undefined || text === null) return null
  try {
    return decodeScalar(fieldOfType('', type).type, text, canonicalJson)
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    throw new BigQueryError('invalid', `Invalid value for query parameter: ${error.message}`, {
      cause: error,
    })
  }
}

/** A bound that is left out or null is none: the range goes on without end. */
function rangeOf(bounds: ParameterValue['rangeValue'], element: SqlType): DuckDBValue {
  if (!bounds) return null
  const { start, end } = bounds
  const range = { start: read(start, element), end: read(end, element) }
  if (range.start !== null && range.end !== null && instant(range.start) >= instant(range.end)) {
    const text = `[${start?.value}, ${end?.value})`
    const message = `Range start element must be smaller than range end element: ${text}`
    throw new BigQueryError('invalid', message, { location: 'queryParameters' })
  }
  return structValue(range)
}

/** In days or microseconds: the bounds of one range are of one type. */
function instant(bound: DuckDBValue): bigint {
  if (bound instanceof DuckDBDateValue) return BigInt(bound.days)
  if (bound instanceof DuckDBTimestampTZValue || bound instanceof DuckDBTimestampValue) {
    return bound.micros
  }
  throw new Error('a range has bounds of a type that no range has')
}
