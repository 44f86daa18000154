import { BigQueryError, notSupported } from '../bigquery-error.ts'
import { isObject } from '../is-object.ts'
import { refuseNames } from '../refused-names.ts'
import type { Field, Schema } from './resources.ts'
import { requireRoundingMode } from './rounding-mode.ts'

/** A schema of a request, in the type names that the catalog keeps. */
export function schemaOf(schema: unknown): Schema {
  if (schema === undefined || schema === null) return { fields: [] }
  const fields = isObject(schema) ? schema.fields : undefined
  if (fields === undefined) return { fields: [] }
  if (Array.isArray(fields)) return { fields: fieldsOf(fields) }
  throw new BigQueryError('invalid', 'Invalid value for schema: expected a list of fields.', {
    location: 'schema',
  })
}

const legacyNames: Record<string, Field['type']> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
  STRUCT: 'RECORD',
  DECIMAL: 'NUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
}
const types: readonly string[] = [
  'STRING',
  'BYTES',
  'INTEGER',
  'FLOAT',
  'NUMERIC',
  'BIGNUMERIC',
  'BOOLEAN',
  'TIMESTAMP',
  'DATE',
  'TIME',
  'DATETIME',
  'INTERVAL',
  'GEOGRAPHY',
  'JSON',
  'RECORD',
  'RANGE',
] satisfies Field['type'][]
const refused = ['dataPolicies', 'foreignTypeDefinition']
const modes: readonly string[] = ['NULLABLE', 'REQUIRED', 'REPEATED']

function fieldsOf(given: unknown[]): Field[] {
  const seen = new Set<string>()
  return given.map((one) => {
    const field = fieldOf(one)
    const key = field.name.toLowerCase()
    if (seen.has(key)) {
      throw new BigQueryError('invalid', `Field ${field.name} already exists in schema`)
    }
    seen.add(key)
    return field
  })
}

function fieldOf(given: unknown): Field {
  if (!isObject(given) || typeof given.name !== 'string' || given.name === '') {
    throw new BigQueryError('invalid', 'Schema field has no name.', { location: 'schema' })
  }
  const { name, fields, type, mode, ...rest } = given
  const inner = Array.isArray(fields) ? fieldsOf(fields) : undefined
  refuseNames(given, refused, `the column ${name}`)
  requireRoundingMode(rest.roundingMode)
  if (rest.collation) throw notSupported(`collation (column ${name})`)
  const known = typeOf(type, name)
  if (known === 'RECORD' && !inner?.length) {
    throw new BigQueryError('invalid', `Field ${name} is type RECORD but has no schema`)
  }
  return {
    ...rest,
    name,
    type: known,
    ...(mode !== undefined && { mode: modeOf(mode, name) }),
    ...(inner && { fields: inner }),
  }
}

function typeOf(type: unknown, name: string): Field['type'] {
  const upper = String(type).toUpperCase()
  const known = legacyNames[upper] ?? upper
  if (types.includes(known)) return known as Field['type']
  throw new BigQueryError('invalid', `Invalid value for type: ${String(type)} (field ${name})`, {
    location: 'schema',
  })
}

function modeOf(mode: unknown, name: string): NonNullable<Field['mode']> {
  const upper = String(mode).toUpperCase()
  if (modes.includes(upper)) return upper as NonNullable<Field['mode']>
  throw new BigQueryError('invalid', `Invalid value for mode: ${String(mode)} (field ${name})`, {
    location: 'schema',
  })
}
