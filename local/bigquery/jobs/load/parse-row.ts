import type { Field } from '../../catalog/resources.ts'
import { isObject } from '../../is-object.ts'
import { itemSlices, memberSlices, parseExactly, skipBlanks } from '../exact-json.ts'

/**
 * A line of a load as a row of `insertAll`: a value of a JSON column becomes its own text, so that nothing
 * of it is lost on the way through JavaScript. Throws a SyntaxError where the line is no JSON object.
 */
export function parseRow(line: string, fields: Field[]): Record<string, unknown> {
  const row = parseExactly(line)
  if (!isObject(row)) throw new SyntaxError('Value is not a JSON object')
  return fields.some(holdsJson) ? keepJsonTexts(line, skipBlanks(line, 0), row, fields) : row
}

function holdsJson({ type, fields = [] }: Field): boolean {
  return type === 'JSON' || fields.some(holdsJson)
}

function keepJsonTexts(
  text: string,
  object: number,
  row: Record<string, unknown>,
  fields: Field[],
): Record<string, unknown> {
  const slices = memberSlices(text, object)
  const wanted = new Map(fields.filter(holdsJson).map((field) => [field.name.toLowerCase(), field]))
  for (const [key, { from, to }] of slices) {
    const field = wanted.get(key.toLowerCase())
    if (field) row[key] = keepText(text, { from, to }, row[key], field)
  }
  return row
}

function keepText(
  text: string,
  { from, to }: { from: number; to: number },
  value: unknown,
  field: Field,
): unknown {
  if (value === null) return null
  if (field.mode === 'REPEATED' && Array.isArray(value)) {
    const item: Field = { ...field, mode: 'NULLABLE' }
    return itemSlices(text, from).map((slice, index) => keepText(text, slice, value[index], item))
  }
  if (field.type === 'JSON') return text.slice(from, to)
  return isObject(value) ? keepJsonTexts(text, from, value, field.fields ?? []) : value
}
