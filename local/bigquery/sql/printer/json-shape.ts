import { textLiteral } from './duck-sql.ts'
import type { JsonStep } from './json-fields.ts'

/**
 * What is read of a JSON value, as DuckDB's `from_json` is told: a struct with a field for each key,
 * from one parse. JSON null comes out as NULL, like a key that is missing.
 */
export type JsonFields = Map<string, Part>

/** A value as it is or as text, an object of which fields are read, an array of such objects. */
type Part = 'JSON' | 'VARCHAR' | JsonFields | { items: JsonFields }

/** Whether the path has, or now has got, its place among the fields. */
export function addField(fields: JsonFields, steps: JsonStep[], part: Part = 'JSON'): boolean {
  const [step, ...rest] = steps
  if (!isFieldName(step)) return false
  const known = fields.get(step)
  if (known === undefined && hasLike(fields, step)) return false
  if (rest.length > 0) {
    const inner = known ?? new Map<string, Part>()
    if (!(inner instanceof Map) || !addField(inner, rest, part)) return false
    fields.set(step, inner)
    return true
  }
  if (known === undefined) {
    fields.set(step, part)
    return true
  }
  return known === part || (isItems(known) && isItems(part) && merge(known.items, part.items))
}

function isFieldName(step: JsonStep | undefined): step is string {
  return typeof step === 'string' && step !== '' && !step.includes('\0')
}

/** DuckDB takes names of fields that differ in case for equal. */
function hasLike(fields: JsonFields, name: string): boolean {
  return fields.keys().some((other) => other.toLowerCase() === name.toLowerCase())
}

function isItems(part: Part): part is { items: JsonFields } {
  return typeof part === 'object' && !(part instanceof Map)
}

function merge(into: JsonFields, fields: JsonFields): boolean {
  return [...fields].every(([name, part]) => {
    if (!(part instanceof Map)) return addField(into, [name], part)
    const inner = into.get(name)
    if (inner === undefined) return addField(into, [name], part)
    return inner instanceof Map && merge(inner, part)
  })
}

/** The struct of these fields. */
export function readFields(sql: string, fields: JsonFields): string {
  return `from_json(${sql}, ${textLiteral(shapeText(fields))})`
}

function shapeText(part: Part): string {
  if (typeof part === 'string') return `"${part}"`
  if (!(part instanceof Map)) return `[${shapeText(part.items)}]`
  const members = [...part].map(([name, inner]) => `${JSON.stringify(name)}:${shapeText(inner)}`)
  return `{${members.join(',')}}`
}

/** The value at a path of the struct that `readFields` gives. */
export function fieldOf(struct: string, steps: JsonStep[]): string {
  return steps.reduce<string>(
    (value, step) => `struct_extract(${value}, ${textLiteral(String(step))})`,
    struct,
  )
}
