import { normalNumber } from '../ingest/exact-number.ts'

/** A JSON value whose numbers keep their digits where a double would lose some. */
type ExactValue = unknown

/** A number as its text; an object, so that it cannot be taken for a string of the event. */
const exactNumbers = new WeakMap<object, string>()

/** Below 16 digits a double tells all numbers apart, and that is much faster to read. */
const longNumber = /[:[,]\s*-?[\d.]{16}/

export function parseExactly(text: string): ExactValue {
  return longNumber.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text)
}

/**
 * One text for one value, whatever the order of keys, the blanks and the spelling of numbers and
 * characters: BigQuery gives a payload back in its own spelling.
 */
export function canonicalText(value: ExactValue): string {
  if (typeof value === 'number') return normalNumber(String(value))
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const number = exactNumbers.get(value)
  if (number !== undefined) return number
  if (Array.isArray(value)) return `[${value.map(canonicalText).join()}]`
  const fields = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${JSON.stringify(key)}:${canonicalText(field)}`).join()}}`
}

function keepDigits(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number') return value
  const exact = {}
  exactNumbers.set(exact, normalNumber(context?.source ?? String(value)))
  return exact
}
