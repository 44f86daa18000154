import type { Field } from '../../../catalog/resources.ts'
import { standardTypeName } from '../../analyzer/field-type.ts'

/** A column's type as BigQuery writes it in DDL: `ARRAY<STRUCT<code STRING, size NUMERIC(5, 2)>>`. */
export function typeText(field: Field): string {
  const item = itemText(field)
  return field.mode === 'REPEATED' ? `ARRAY<${item}>` : item
}

function itemText({ type, fields = [], ...field }: Field): string {
  if (type === 'RECORD') {
    return `STRUCT<${fields.map((member) => `${member.name} ${typeText(member)}`).join(', ')}>`
  }
  if (type === 'RANGE') return `RANGE<${field.rangeElementType?.type ?? 'DATE'}>`
  const { maxLength, precision, scale } = field
  if (maxLength !== undefined) return `${standardTypeName(type)}(${maxLength})`
  if (precision === undefined) return standardTypeName(type)
  return `${standardTypeName(type)}(${scale === undefined ? precision : `${precision}, ${scale}`})`
}
