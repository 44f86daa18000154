import type { Field, FieldType } from '../catalog/resources.ts'
import { identifier } from './names.ts'

const fixedSizes: Partial<Record<FieldType, number>> = {
  INTEGER: 8,
  FLOAT: 8,
  NUMERIC: 16,
  BIGNUMERIC: 32,
  BOOLEAN: 1,
  TIMESTAMP: 8,
  DATE: 8,
  TIME: 8,
  DATETIME: 8,
  INTERVAL: 16,
  RANGE: 16,
}

/** DuckDB's SQL for the bytes that BigQuery counts for all values of a column; NULLs count nothing. */
export function logicalBytes(field: Field): string {
  const column = identifier(field.name)
  const width = fixedSizes[field.type]
  if (field.mode !== 'REPEATED' && width !== undefined) return `${width} * count(${column})`
  if (field.mode !== 'REPEATED' && field.type !== 'RECORD') {
    const length = field.type === 'BYTES' ? 'octet_length' : 'strlen'
    return `coalesce(sum(${length}(${column})), 0) + 2 * count(${column})`
  }
  return `coalesce(sum(${sizeOfValue(column, field)}), 0)`
}

/** The bytes of one value. */
function sizeOfValue(value: string, field: Field): string {
  if (field.mode !== 'REPEATED') return sizeOfItem(value, field)
  const width = fixedSizes[field.type]
  if (width !== undefined) return `${width} * coalesce(len(${value}), 0)`
  return `coalesce(list_sum(list_transform(${value}, lambda item: ${sizeOfItem('item', field)})), 0)`
}

function sizeOfItem(value: string, { type, fields = [] }: Field): string {
  const width = fixedSizes[type]
  if (width !== undefined) return `CASE WHEN ${value} IS NULL THEN 0 ELSE ${width} END`
  if (type === 'RECORD') {
    const members = fields.map((field) => sizeOfValue(`${value}.${identifier(field.name)}`, field))
    return members.length === 0 ? '0' : `(${members.join(' + ')})`
  }
  const length = type === 'BYTES' ? `octet_length(${value})` : `strlen(CAST(${value} AS VARCHAR))`
  return `coalesce(2 + ${length}, 0)`
}
