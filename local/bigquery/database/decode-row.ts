import { listValue, structValue, type DuckDBValue } from '@duckdb/node-api'
import type { Field } from '../catalog/resources.ts'
import { fitValue } from './fit-value.ts'
import { decodeScalar, ValueError, type CanonicalJson } from './decode-value.ts'

export type RowError = { reason: 'invalid'; location: string; message: string }

/** Values in the order of the columns; a column that the row does not name is undefined. */
export type DecodedRow =
  { values: (DuckDBValue | undefined)[]; errors?: undefined } | { errors: RowError[] }

export type DecodeOptions = {
  /** Leaves out what is in no column; otherwise it is an error of the row. */
  ignoreUnknownValues?: boolean
  canonicalJson: CanonicalJson
}

/** Reads rows in JSON for a table's columns; every fault of a row is told, none is thrown. */
export function createRowDecoder(
  fields: Field[],
  options: DecodeOptions,
): (row: unknown) => DecodedRow {
  const places = placesOf(fields)

  return (row) => {
    if (typeof row !== 'object' || row === null || Array.isArray(row)) {
      return { errors: [invalid('', 'The row is not a JSON object.')] }
    }
    const errors: RowError[] = []
    const values = members(row, { fields, places, path: '', errors, options })
    for (const [index, field] of fields.entries()) {
      const missing = values[index] === null || (values[index] === undefined && !hasDefault(field))
      const isTold = errors.some(({ location }) => location === field.name)
      if (field.mode === 'REQUIRED' && missing && !isTold) {
        errors.push(invalid(field.name, `Missing required field: ${field.name}.`))
      }
    }
    return errors.length > 0 ? { errors } : { values }
  }
}

function hasDefault({ defaultValueExpression }: Field): boolean {
  return defaultValueExpression !== undefined
}

type Context = { path: string; errors: RowError[]; options: DecodeOptions }
type Members = Context & { fields: Field[]; places: ReadonlyMap<string, number> }

/** Where each column stands; names do not tell upper from lower case. */
function placesOf(fields: Field[]): ReadonlyMap<string, number> {
  return new Map(fields.map(({ name }, index) => [name.toLowerCase(), index]))
}

function members(
  object: object,
  { fields, places, path, errors, options }: Members,
): (DuckDBValue | undefined)[] {
  const values: (DuckDBValue | undefined)[] = Array.from({ length: fields.length })
  for (const [name, value] of Object.entries(object)) {
    const index = places.get(name.toLowerCase())
    const field = index === undefined ? undefined : fields[index]
    if (index === undefined || !field) {
      if (options.ignoreUnknownValues) continue
      errors.push(invalid(path + name, `no such field: ${path}${name}.`))
      continue
    }
    values[index] = decode(field, value, { path: path + field.name, errors, options })
  }
  return values
}

function decode(field: Field, value: unknown, context: Context): DuckDBValue {
  if (field.mode !== 'REPEATED') {
    if (Array.isArray(value) && field.type !== 'JSON') {
      const { path, errors } = context
      errors.push(invalid(path, `Array specified for non-repeated field: ${path}.`))
      return null
    }
    return value === null || value === undefined ? null : decodeItem(field, value, context)
  }
  if (value === null || value === undefined) return listValue([])
  const items: unknown[] = Array.isArray(value) ? value : [value]
  return listValue(
    items.map((item, index) => {
      const path = `${context.path}[${index}]`
      if (item !== null) return decodeItem(field, item, { ...context, path })
      context.errors.push(
        invalid(
          path,
          `Only optional fields can be set to NULL. Field: ${context.path}; Value: NULL`,
        ),
      )
      return null
    }),
  )
}

function decodeItem(field: Field, value: unknown, context: Context): DuckDBValue {
  const { path, errors, options } = context
  if (field.type === 'RECORD') return decodeRecord(field, value, context)
  try {
    return fitValue(field, decodeScalar(field.type, value, options.canonicalJson))
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    errors.push(invalid(path, error.message))
    return null
  }
}

function decodeRecord(field: Field, value: unknown, context: Context): DuckDBValue {
  const { path, errors } = context
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    errors.push(invalid(path, `This field: ${path} is not a record.`))
    return null
  }
  const fields = field.fields ?? []
  const values = members(value, { ...context, fields, places: placesOf(fields), path: `${path}.` })
  const entries = fields.map((member, index) => {
    const given = values[index] ?? null
    if (given === null && member.mode === 'REQUIRED') {
      const name = `${path}.${member.name}`
      errors.push(invalid(name, `Missing required field: ${name}.`))
    }
    return [member.name, given === null && member.mode === 'REPEATED' ? listValue([]) : given]
  })
  return structValue(Object.fromEntries(entries) as Record<string, DuckDBValue>)
}

function invalid(location: string, message: string): RowError {
  return { reason: 'invalid', location, message }
}
