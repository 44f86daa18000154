import type { Field } from '../../catalog/resources.ts'
import { identifier, literal } from '../../database/names.ts'

/**
 * DuckDB's SQL for what a column keeps of a value: an empty array for a NULL one, at any depth, and
 * an error for an array that holds a NULL, as in BigQuery.
 */
export function storedValue(value: string, field: Field): string {
  return arraysFilled(value, field)
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
