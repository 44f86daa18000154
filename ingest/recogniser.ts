import type { Schema } from '../includes/contracts.js'
import { isTimestamp } from './timestamp.ts'

/**
 * Answers how many quotes a text of valid UTF-8 has if it is an event that keeps its contract in the plainest
 * form: no blanks between tokens, no backslash, no field that is not in the contract, no number that
 * needs a second look. Of any other text, good or bad, it says nothing: undefined.
 */
export type Recogniser = (text: Buffer) => number | undefined

/** A place in the text, moved on past what was recognised. */
type Place = { readonly text: Buffer; at: number; quotes: number }
type Matcher = (place: Place) => boolean

const knownKeywords = new Set(
  'type description const enum format minimum maximum required properties items'.split(' '),
)
const mostFields = 30
/** A number of so many characters is exact, whatever its digits are. */
const longestExactNumber = 15

const quote = 0x22
const comma = 0x2c
const minus = 0x2d
const point = 0x2e
const zero = 0x30
const one = 0x31
const backslash = 0x5c
const bracket = { open: 0x5b, close: 0x5d }
const brace = { open: 0x7b, close: 0x7d }

/**
 * Makes a recogniser of a contract's schema. Nearly all events are of the plainest form, and to recognise one
 * takes a third of what it takes to parse and to validate it.
 */
export function createRecogniser(schema: Schema): Recogniser {
  const match = matcherOf(schema)
  return (text) => {
    const place = { text, at: 0, quotes: 0 }
    return match(place) && place.at === text.length ? place.quotes : undefined
  }
}

function matcherOf(schema: Schema): Matcher {
  if (!Object.keys(schema).every((keyword) => knownKeywords.has(keyword))) return nothing
  const { type, format, items } = schema
  if (schema.const !== undefined) return oneOf([schema.const])
  if (schema.enum) return oneOf(schema.enum)
  if (type === 'object') return object(schema)
  if (type === 'array') return items ? list(matcherOf(items)) : nothing
  if (type === 'integer' || type === 'number') return number(schema)
  if (type !== 'string') return nothing
  if (format === 'uuid') return matchUuid
  if (format === 'timestamp') return matchTimestamp
  return format === undefined ? matchText : nothing
}

function nothing(): boolean {
  return false
}

function object({ properties = {}, required = [] }: Schema): Matcher {
  const fields = Object.entries(properties).map(([name, schema], index) => ({
    key: Buffer.from(`${JSON.stringify(name)}:`),
    matches: matcherOf(schema),
    bit: 1 << index,
    next: index + 1,
  }))
  const names = Object.keys(properties)
  const needed = required.reduce((bits, name) => bits | (1 << names.indexOf(name)), 0)
  if (fields.length > mostFields || !required.every((name) => names.includes(name))) return nothing
  if (!names.every(isPlain)) return nothing

  return (place) => {
    const { text } = place
    if (text[place.at] !== brace.open) return false
    let seen = 0
    let expected = 0
    do {
      place.at++
      // Producers write their fields in the order of the contract, more often than not.
      let field = fields[expected]
      if (!field || !startsWith(text, place.at, field.key)) {
        field = fields.find(({ key }) => startsWith(text, place.at, key))
        if (!field) return false
      }
      expected = field.next
      if ((seen & field.bit) !== 0) return false
      seen |= field.bit
      place.at += field.key.length
      place.quotes += 2
      if (!field.matches(place)) return false
    } while (text[place.at] === comma)
    return text[place.at++] === brace.close && (seen & needed) === needed
  }
}

function list(matches: Matcher): Matcher {
  return (place) => {
    const { text } = place
    if (text[place.at] !== bracket.open) return false
    if (text[place.at + 1] === bracket.close) {
      place.at += 2
      return true
    }
    do {
      place.at++
      if (!matches(place)) return false
    } while (text[place.at] === comma)
    return text[place.at++] === bracket.close
  }
}

function oneOf(values: string[]): Matcher {
  if (!values.every(isPlain)) return nothing
  const choices = values.map((value) => Buffer.from(JSON.stringify(value)))
  return (place) => {
    for (const choice of choices) {
      if (!startsWith(place.text, place.at, choice)) continue
      place.at += choice.length
      place.quotes += 2
      return true
    }
    return false
  }
}

function number({ type, minimum = -Infinity, maximum = Infinity }: Schema): Matcher {
  return (place) => {
    const { text, at: start } = place
    const isNegative = text[start] === minus
    let at = isNegative ? start + 1 : start
    const firstDigit = at
    let whole = 0
    for (let digit = digitAt(text, at); digit >= 0; digit = digitAt(text, ++at)) {
      whole = whole * 10 + digit
    }
    if (at === firstDigit || (text[firstDigit] === zero && at > firstDigit + 1)) return false
    // Zero may have a sign, which is left to JSON.parse.
    if (isNegative && whole === 0) return false
    let fraction = 0
    if (text[at] === point && type === 'number') {
      const from = ++at
      while (digitAt(text, at) >= 0) at++
      if (at === from) return false
      // What stands behind the point is counted as one at most: close enough to the bounds of a contract.
      fraction = 1
    }
    if (!endsValue(text[at]) || at - start > longestExactNumber) return false
    place.at = at
    return isNegative
      ? -(whole + fraction) >= minimum && -whole <= maximum
      : whole >= minimum && whole + fraction <= maximum
  }
}

function digitAt(text: Buffer, at: number): number {
  const digit = (text[at] ?? 0) - zero
  return digit <= 9 ? digit : -1
}

function endsValue(byte: number | undefined): boolean {
  return byte === comma || byte === brace.close || byte === bracket.close
}

function matchText(place: Place): boolean {
  const { text } = place
  if (text[place.at] !== quote) return false
  for (let at = place.at + 1; at < text.length; at++) {
    const byte = text[at] ?? 0
    if (byte === quote) {
      place.at = at + 1
      place.quotes += 2
      return true
    }
    if (byte < 0x20 || byte === backslash) return false
  }
  return false
}

function matchTimestamp(place: Place): boolean {
  const start = place.at + 1
  return matchText(place) && isTimestamp(place.text.toString('latin1', start, place.at - 1))
}

/** A UUID in quotes: 1 stands for a hexadecimal digit, all else for itself. */
const uuid = Buffer.from('"11111111-1111-1111-1111-111111111111"')
/** For each of its places, which of the 256 bytes may stand there. */
const fitsUuid = Uint8Array.from({ length: uuid.length << 8 }, (_, index) => {
  const [expected, byte] = [uuid[index >> 8], index & 0xff]
  return Number(
    expected === one ? /[0-9a-fA-F]/.test(String.fromCharCode(byte)) : byte === expected,
  )
})

function matchUuid(place: Place): boolean {
  const { text, at } = place
  for (let i = 0; i < uuid.length; i++) {
    if (fitsUuid[(i << 8) | (text[at + i] ?? 0)] !== 1) return false
  }
  place.at = at + uuid.length
  place.quotes += 2
  return true
}

function startsWith(text: Buffer, at: number, start: Buffer): boolean {
  for (let i = 0; i < start.length; i++) if (text[at + i] !== start[i]) return false
  return true
}

/** Whether JSON has only one way to write it that producers use. */
function isPlain(value: string): boolean {
  return /^[\w .:/+-]*$/.test(value)
}
