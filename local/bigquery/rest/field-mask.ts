import { BigQueryError } from '../bigquery-error.ts'
import { isObject } from '../is-object.ts'

/** The members to keep, each with the members to keep of its value; an empty mask keeps all. */
export type FieldMask = Map<string, FieldMask>

/** Reads `fields` of a request: `totalRows,rows(f/v),schema/fields(name,type)`; `*` is any member. */
export function parseFieldMask(text: string): FieldMask {
  const tokens = text.match(/[^,()/\s]+|[,()/]/g) ?? []
  let at = 0

  function list(): FieldMask {
    const mask: FieldMask = new Map()
    do {
      const name = tokens[at++]
      if (name === undefined || /[,()/]/.test(name)) throw invalid(text)
      mask.set(name, union(mask.get(name), inside()))
    } while (tokens[at] === ',' && (at += 1))
    return mask
  }

  function inside(): FieldMask {
    if (tokens[at] === '/') {
      at += 1
      const name = tokens[at++]
      if (name === undefined || /[,()/]/.test(name)) throw invalid(text)
      return new Map([[name, inside()]])
    }
    if (tokens[at] !== '(') return new Map()
    at += 1
    const mask = list()
    if (tokens[at++] !== ')') throw invalid(text)
    return mask
  }

  const mask = list()
  if (at < tokens.length) throw invalid(text)
  return mask
}

/** A value without the members that the mask does not name; of a list each item is cut. */
export function cutToMask(value: unknown, mask: FieldMask): unknown {
  if (mask.size === 0) return value
  if (Array.isArray(value)) return value.map((item) => cutToMask(item, mask))
  if (!isObject(value)) return value
  const kept = Object.entries(value).flatMap(([name, member]) => {
    const inner = mask.get(name) ?? mask.get('*')
    return inner ? [[name, cutToMask(member, inner)]] : []
  })
  return Object.fromEntries(kept) as Record<string, unknown>
}

/** `a/b,a/c` keeps both; what one of them keeps whole stays whole. */
function union(one: FieldMask | undefined, other: FieldMask): FieldMask {
  if (!one) return other
  if (one.size === 0 || other.size === 0) return new Map()
  const both: FieldMask = new Map(one)
  for (const [name, inner] of other) both.set(name, union(both.get(name), inner))
  return both
}

function invalid(text: string): BigQueryError {
  return new BigQueryError('invalid', `Invalid field selection ${text}`, { location: 'fields' })
}
