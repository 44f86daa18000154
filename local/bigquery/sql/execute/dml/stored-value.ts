import { notSupported } from '../../../bigquery-error.ts'
import type { Field } from '../../../catalog/resources.ts'
import { identifier, literal } from '../../../database/names.ts'
import { typeText } from '../ddl/type-text.ts'

/**
 * DuckDB's SQL for what a column keeps of a value: an empty array for a NULL one, at any depth, and
 * an error for an array that holds a NULL, as in BigQuery.
 */
export function storedValue(value: string, field: Field): string {
  return arraysFilled(fitted(value, field), field)
}

/** A value that STRING(n), BYTES(n), NUMERIC(p, s) and BIGNUMERIC(p, s) can hold: rounded to their scale, or an error. */
function fitted(value: string, field: Field): string {
  const { name, type, mode, maxLength, precision } = field
  if (field.fields?.some(isParameterized)) {
    throw notSupported(`writing to parameterized types in a struct (${name})`)
  }
  if (!isParameterized(field)) return value
  if (mode === 'REPEATED') throw notSupported(`writing to an array of ${typeText(field)} (${name})`)
  if (maxLength !== undefined) {
    const length = type === 'BYTES' ? `octet_length(${value})` : `length(${value})`
    const words = `Field ${name}: ${typeText(field)} has maximum length ${maxLength} but got a value with length `
    return `CASE WHEN ${length} > ${maxLength} THEN error(${literal(words)} || ${length}) ELSE ${value} END`
  }
  const scale = Number(field.scale ?? 0)
  const words = `Field ${name}: ${typeText(field)} has precision ${precision} and scale ${scale} but got a value that is not in range`
  if (type === 'BIGNUMERIC') {
    return `js_bignumeric_sized(${value}, ${precision}, ${scale}, ${literal(words)})`
  }
  const rounded = `round(${value}, ${scale})`
  const limit = `CAST('1e${Number(precision) - scale}' AS DECIMAL(38,9))`
  return `CASE WHEN abs(${rounded}) >= ${limit} THEN error(${literal(words)}) ELSE CAST(${rounded} AS DECIMAL(38,9)) END`
}

function isParameterized({ maxLength, precision, fields = [] }: Field): boolean {
  return maxLength !== undefined || precision !== undefined || fields.some(isParameterized)
}

function arraysFilled(value: string, field: Field): string {
  if (field.mode === 'REPEATED') return filledArray(value, field)
  if (field.type !== 'RECORD' || !holdsArrays(field)) return value
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE ${filledStruct(value, field)} END`
}

function filledArray(value: string, field: Field): string {
  const words = `Array cannot have a null element; error in writing field ${field.name}`
  const checked =
    `CASE WHEN ${value} IS NULL THEN [] ` +
    `WHEN list_count(${value}) < len(${value}) THEN error(${literal(words)}) ELSE ${value} END`
  if (field.type !== 'RECORD' || !holdsArrays(field)) return checked
  return `list_transform(${checked}, lambda item: ${filledStruct('item', field)})`
}

function filledStruct(value: string, { fields = [] }: Field): string {
  const members = fields.map((member) => {
    const inner = `struct_extract(${value}, ${literal(member.name)})`
    return `${identifier(member.name)} := ${arraysFilled(inner, member)}`
  })
  return `struct_pack(${members.join(', ')})`
}

function holdsArrays({ fields = [] }: Field): boolean {
  return fields.some((field) => field.mode === 'REPEATED' || holdsArrays(field))
}
