import type { SqlType } from '../analyzer/sql-type.ts'
import { canonicalJson } from './canonical-json.ts'

/** Says of each value what it is, so that nothing gets lost on the way out. */
export const encoder = `this.encode = (() => {
  const { stringify } = JSON
  const { isArray, from } = Array
  const { entries } = Object
  const encoded = (value) => {
    if (value === null || value === undefined) return null
    if (typeof value === 'number') return { number: '' + value }
    if (typeof value === 'string') return { text: value }
    if (typeof value === 'boolean') return { flag: value }
    if (isArray(value)) return { items: from(value, encoded) }
    if (typeof value !== 'object' || value instanceof Date) return { other: typeof value }
    const members = []
    for (const [key, member] of entries(value)) members.push([key, encoded(member)])
    return { members }
  }
  return (value) => stringify({ value: encoded(value) })
})()`

type Encoded = null | {
  number?: string
  text?: string
  flag?: boolean
  items?: Encoded[]
  members?: [string, Encoded][]
}

/** A number as the text that it is written with. */
export function exactNumbers(
  _: string,
  value: unknown,
  { source = '' }: { source?: string },
): unknown {
  return typeof value === 'number' ? new ExactNumber(source) : value
}

class ExactNumber {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** An INT64 is a text to the function, for a number of JavaScript does not hold it. */
export function argumentText(values: unknown[], types: SqlType[]): string {
  const textOf = (value: unknown, type: SqlType | undefined): string => {
    if (value === null) return 'null'
    if (value instanceof ExactNumber) {
      return type?.kind === 'INT64' ? JSON.stringify(value.text) : value.text
    }
    if (type?.kind === 'FLOAT64') throw refusal('NaN or an infinity for a JavaScript function')
    if (Array.isArray(value)) {
      const element = type?.kind === 'ARRAY' ? type.element : undefined
      return `[${value.map((item) => textOf(item, element)).join(',')}]`
    }
    if (typeof value !== 'object') return JSON.stringify(value)
    const members = Object.entries(value).map(([key, member]: [string, unknown], index) => {
      const field = type?.kind === 'STRUCT' ? type.fields[index]?.type : undefined
      return `${JSON.stringify(key)}:${textOf(member, field)}`
    })
    return `{${members.join(',')}}`
  }
  return `[${values.map((value, index) => textOf(value, types[index])).join(',')}]`
}

/** The text of a scalar, JSON of all else. */
export function resultText(encoded: string, type: SqlType): string | null {
  const { value } = JSON.parse(encoded) as { value: Encoded }
  if (value === null) return null
  const json = jsonOf(value, type)
  if (type.kind === 'STRING') return value.text ?? null
  return type.kind === 'FLOAT64' ? (value.number ?? null) : json
}

function jsonOf(value: Encoded, type: SqlType): string {
  if (value === null) return 'null'
  const { number, text, flag, items, members } = value
  switch (type.kind) {
    case 'INT64':
      if (number !== undefined && Number.isSafeInteger(Number(number))) return number
      if (text !== undefined && /^-?\d{1,18}$/.test(text)) return text
      break
    case 'FLOAT64':
      if (number !== undefined) return number
      break
    case 'STRING':
      if (text !== undefined) return JSON.stringify(text)
      break
    case 'BOOL':
      if (flag !== undefined) return String(flag)
      break
    case 'JSON':
      return canonicalJson(anyJson(value))
    case 'ARRAY':
      if (items) return `[${items.map((item) => jsonOf(item, type.element)).join(',')}]`
      break
    case 'STRUCT':
      if (members) {
        const given = new Map(members)
        const fields = type.fields.map(
          ({ name, type: field }) =>
            `${JSON.stringify(name)}:${jsonOf(given.get(name) ?? null, field)}`,
        )
        return `{${fields.join(',')}}`
      }
  }
  throw refusal(`a JavaScript function that returns ${JSON.stringify(value)} for ${type.kind}`)
}

function anyJson(value: Encoded): string {
  if (value === null) return 'null'
  const { number, text, flag, items, members } = value
  if (number !== undefined && Number.isFinite(Number(number))) return number
  if (text !== undefined) return JSON.stringify(text)
  if (flag !== undefined) return String(flag)
  if (items) return `[${items.map(anyJson).join(',')}]`
  if (!members)
    throw refusal(`a JavaScript function that returns ${JSON.stringify(value)} for JSON`)
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${anyJson(member)}`).join(',')}}`
}

/** Of what would not surely be BigQuery's answer. */
export function refusal(what: string): Error {
  return new Error(`not supported by the local engine: ${what}`)
}
