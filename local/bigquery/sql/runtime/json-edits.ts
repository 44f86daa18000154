import { canonicalJson } from './canonical-json.ts'
import { parseExactly } from './parse-exactly.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'
import { jsonSteps, type JsonStep } from './text-json.ts'

/** JSON to be changed; what is no object and no array is kept as its text. */
type Json = Map<string, Json> | Json[] | string

const nothing = 'null'
const longest = 1_000_000

/** One path and value at a time, as GoogleSQL goes through them. Paths are in DuckDB's spelling. */
export const jsonEdits: Record<string, ScalarFunction> = {
  js_json_set: define(['text', 'text', 'text'], 'text', (json, path, value) =>
    print(set(parse(json), jsonSteps(path), parse(value))),
  ),
  js_json_keys: define(['text', 'int64'], 'text', (json, depth) =>
    JSON.stringify(keysIn(parse(json), Number(depth))),
  ),
  js_json_remove: define(['text', 'text'], 'text', (json, path) =>
    print(remove(parse(json), jsonSteps(path))),
  ),
  js_json_strip_nulls: define(
    ['text', 'text', 'bool', 'bool'],
    'text',
    (json, path, ofArrays, ofEmpty) =>
      print(
        changeAt(parse(json), jsonSteps(path), (node) => {
          const rest = strip(node, ofArrays, ofEmpty)
          return ofEmpty && isEmpty(rest, ofArrays) ? nothing : rest
        }),
      ),
  ),
  js_json_array_insert: define(
    ['text', 'text', 'text', 'bool'],
    'text',
    (json, path, value, isEach) => {
      const steps = jsonSteps(path)
      const index = steps.pop()
      if (typeof index !== 'number') return json
      const items = itemsOf(parse(value), isEach)
      return print(changeAt(parse(json), steps, (node) => insert(node, index, items)))
    },
  ),
  js_json_array_append: define(
    ['text', 'text', 'text', 'bool'],
    'text',
    (json, path, value, isEach) => {
      const items = itemsOf(parse(value), isEach)
      return print(
        changeAt(parse(json), jsonSteps(path), (node) => {
          if (node === nothing) return items
          return Array.isArray(node) ? [...node, ...items] : node
        }),
      )
    },
  ),
}

function parse(text: string): Json {
  return parseExactly(text, (_, value, { source }) => {
    if (Array.isArray(value)) return value
    if (typeof value === 'object' && value !== null) return new Map(Object.entries(value))
    return source ?? nothing
  }) as Json
}

function print(json: Json): string {
  return canonicalJson(textOf(json))
}

function textOf(json: Json): string {
  if (typeof json === 'string') return json
  if (Array.isArray(json)) return `[${json.map(textOf).join(',')}]`
  const members = [...json].map(([key, value]) => `${JSON.stringify(key)}:${textOf(value)}`)
  return `{${members.join(',')}}`
}

/** What is missing on the way, or JSON's null, is made; what is of another kind stays as it is. */
function set(node: Json | undefined, steps: JsonStep[], value: Json): Json {
  const [step, ...rest] = steps
  if (step === undefined) return value
  const isMissing = node === undefined || node === nothing
  if (typeof step === 'string') {
    const object = isMissing ? new Map<string, Json>() : node
    if (!(object instanceof Map)) return object
    return object.set(step, set(object.get(step), rest, value))
  }
  const array = isMissing ? [] : node
  if (!Array.isArray(array)) return array
  const padded = paddedTo(array, step)
  padded[step] = set(array[step], rest, value)
  return padded
}

function remove(json: Json, steps: JsonStep[]): Json {
  const last = steps.at(-1)
  return changeAt(json, steps.slice(0, -1), (node) => {
    if (node instanceof Map && typeof last === 'string') node.delete(last)
    return Array.isArray(node) ? node.filter((_, index) => index !== last) : node
  })
}

/** The paths of all keys but those in arrays, which come in the order of their texts. */
function keysIn(json: Json, depth: number): string[] {
  if (!(json instanceof Map) || depth === 0) return []
  return [...json].flatMap(([key, value]) => {
    // How BigQuery quotes other keys is not known.
    if (!/^[A-Za-z_]\w*$/.test(key))
      throw new Error(
        `not supported by the local engine: JSON_KEYS of the key ${JSON.stringify(key)}`,
      )
    return [key, ...keysIn(value, depth - 1).map((inner) => `${key}.${inner}`)]
  })
}

function insert(node: Json, index: number, items: Json[]): Json {
  const array = node === nothing ? [] : node
  if (!Array.isArray(array)) return array
  return paddedTo(array, index).toSpliced(index, 0, ...items)
}

function strip(node: Json, ofArrays: boolean, ofEmpty: boolean): Json {
  if (typeof node === 'string') return node
  const isKept = (value: Json): boolean =>
    value !== nothing && !(ofEmpty && isEmpty(value, ofArrays))
  if (Array.isArray(node)) {
    const items = node.map((item) => strip(item, ofArrays, ofEmpty))
    return ofArrays ? items.filter(isKept) : items
  }
  const members = [...node].map(([key, value]) => [key, strip(value, ofArrays, ofEmpty)] as const)
  return new Map(members.filter(([, value]) => isKept(value)))
}

function isEmpty(value: Json, ofArrays: boolean): boolean {
  if (value instanceof Map) return value.size === 0
  return ofArrays && Array.isArray(value) && value.length === 0
}

/** The whole with another value at a path; as it is where nothing is there. */
function changeAt(json: Json, steps: JsonStep[], change: (node: Json) => Json): Json {
  const [step, ...rest] = steps
  if (step === undefined) return change(json)
  if (json instanceof Map && typeof step === 'string') {
    const child = json.get(step)
    if (child !== undefined) json.set(step, changeAt(child, rest, change))
  }
  if (Array.isArray(json) && typeof step === 'number') {
    const child = json[step]
    if (child !== undefined) json[step] = changeAt(child, rest, change)
  }
  return json
}

function itemsOf(value: Json, isEach: boolean): Json[] {
  return isEach && Array.isArray(value) ? value : [value]
}

function paddedTo(array: Json[], length: number): Json[] {
  if (length > longest) {
    throw new Error(`not supported by the local engine: a JSON array of more than ${longest} items`)
  }
  const missing = Math.max(0, length - array.length)
  return [...array, ...Array.from({ length: missing }, () => nothing)]
}
