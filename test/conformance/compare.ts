import type { Field } from '../../local/bigquery/catalog/resources.ts'
import type { RecordedError, RecordedField } from './cases.ts'

/** What is different, in a sentence; nothing when it is the same. */
export type Difference = string | undefined

/** Names, types and modes must be the recorded ones; NULLABLE may be left out by the API. */
export function differentSchema(
  recorded: RecordedField[],
  actual: Field[] | RecordedField[],
): Difference {
  const expected = describe(recorded)
  const found = describe(actual)
  return expected === found ? undefined : `schema ${found}, recorded ${expected}`
}

function describe(fields: (Field | RecordedField)[]): string {
  const columns = fields.map(({ name, type, mode = 'NULLABLE', fields: inner }) => {
    const nested = inner?.length ? describe(inner) : ''
    return `${name} ${type}${nested}${mode === 'NULLABLE' ? '' : ` ${mode}`}`
  })
  return `(${columns.join(', ')})`
}

/** Rows in the recorded order where the query orders them, else in any order. */
export function differentRows(
  recorded: unknown[],
  actual: unknown[],
  { ordered }: { ordered: boolean },
): Difference {
  if (recorded.length !== actual.length) {
    return `${actual.length} rows, recorded ${recorded.length}`
  }
  const left = [...actual]
  for (const [index, row] of recorded.entries()) {
    const place = ordered ? 0 : left.findIndex((candidate) => sameValue(row, candidate))
    if (place < 0 || !sameValue(row, left[place])) {
      const instead = ordered ? JSON.stringify(left[0]) : `only ${JSON.stringify(left.slice(0, 3))}`
      return `row ${index + 1}: ${instead}, recorded ${JSON.stringify(row)}`
    }
    left.splice(place, 1)
  }
  return undefined
}

/** Equal in everything, numbers within 1e-12 of each other. */
export function sameValue(recorded: unknown, actual: unknown): boolean {
  if (typeof recorded === 'number' && typeof actual === 'number') {
    const tolerance = 1e-12 * Math.max(Math.abs(recorded), Math.abs(actual))
    return recorded === actual || Math.abs(recorded - actual) <= tolerance
  }
  if (typeof recorded !== 'object' || typeof actual !== 'object') return recorded === actual
  if (recorded === null || actual === null) return recorded === actual
  if (Array.isArray(recorded) !== Array.isArray(actual)) return false
  const keys = Object.keys(recorded)
  if (keys.length !== Object.keys(actual).length) return false
  return keys.every(
    (key) => key in actual && sameValue(Reflect.get(recorded, key), Reflect.get(actual, key)),
  )
}

export type ActualError = { reason: string; status: number; message: string }

export function differentError(recorded: RecordedError, actual: ActualError): Difference {
  const matches = new RegExp(recorded.message_pattern).test(actual.message)
  const same = recorded.reason === actual.reason && recorded.http_status === actual.status
  if (same && matches) return undefined
  return (
    `error ${actual.status} ${actual.reason} '${actual.message}', ` +
    `recorded ${recorded.http_status} ${recorded.reason} /${recorded.message_pattern}/`
  )
}

/** An answer against a recorded one, where `"<*>"` stands for anything. */
export function differentBody(
  recorded: unknown,
  actual: unknown,
  { extraKeys }: { extraKeys: 'refuse' | 'allow' },
  path = 'body',
): Difference {
  if (recorded === '<*>') return actual === undefined ? `${path} is missing` : undefined
  if (typeof recorded !== 'object' || recorded === null) {
    return recorded === actual
      ? undefined
      : `${path} is ${JSON.stringify(actual)}, recorded ${JSON.stringify(recorded)}`
  }
  if (
    typeof actual !== 'object' ||
    actual === null ||
    Array.isArray(recorded) !== Array.isArray(actual)
  ) {
    return `${path} is ${JSON.stringify(actual)}, recorded ${JSON.stringify(recorded)}`
  }
  for (const [key, value] of Object.entries(recorded)) {
    const found = differentBody(value, Reflect.get(actual, key), { extraKeys }, `${path}.${key}`)
    if (found) return found
  }
  const extra = Object.keys(actual).find((key) => !(key in recorded))
  return extra !== undefined && extraKeys === 'refuse'
    ? `${path}.${extra} is not recorded`
    : undefined
}
