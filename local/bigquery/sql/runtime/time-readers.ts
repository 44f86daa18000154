import { months, weekdays } from './format-time.ts'
import { isTimeZone } from './time-zones.ts'

/** What has been read of a time so far. */
export type Parsed = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  micros: number
  dayOfYear?: number
  hour12?: number
  isAfternoon?: boolean
  offset?: number
  zone: string
  epochSeconds?: number
}

/** The text that is read, and how far. */
type Input = { text: string; at: number }

/** What reads an element of a format such as `%Y`; undefined for those that are not read here. */
export function readerOf(token: string): Reader | undefined {
  const decimals = /^%E([0-6])S$/.exec(token)?.[1]
  return decimals === undefined ? readers[token.slice(1)] : seconds(decimals)
}

/** Reads one element; says whether the text has it. */
type Reader = (input: Input, parsed: Parsed) => boolean

const readers: Record<string, Reader | undefined> = {
  // A fifth digit belongs to the year where no more follow.
  Y: number(/-?(?:\d{5}(?!\d)|\d{1,4})/y, (p, n) => (p.year = n)),
  F: number(/-?\d{1,4}/y, (p, n) => (p.year = n)),
  E4Y: number(/-?\d{4}/y, (p, n) => (p.year = n)),
  y: number(/\d{1,2}/y, (p, n) => (p.year = n < 69 ? 2000 + n : 1900 + n)),
  m: upTo(12, (p, n) => (p.month = n)),
  d: upTo(31, (p, n) => (p.day = n), ' ?'),
  e: upTo(31, (p, n) => (p.day = n), ' ?'),
  H: upTo(23, (p, n) => (p.hour = n)),
  k: upTo(23, (p, n) => (p.hour = n), ' ?'),
  I: upTo(12, (p, n) => (p.hour12 = n)),
  l: upTo(12, (p, n) => (p.hour12 = n), ' ?'),
  M: upTo(59, (p, n) => (p.minute = n)),
  S: upTo(60, (p, n) => (p.second = n)),
  j: upTo(366, (p, n) => (p.dayOfYear = n)),
  s: number(/-?\d+/y, (p, n) => (p.epochSeconds = n)),
  'E*S': seconds('*'),
  z: offset(/([+-])(\d{2})(\d{2})?/y),
  Ez: offset(/Z|([+-])(\d{2})(?::?(\d{2}))?/y),
  Z: (input, parsed) => {
    const match = take(input, /[^\s]+/y)
    if (!match) return false
    if (!isTimeZone(match[0])) throw new Error(`Invalid time zone: ${match[0]}`)
    parsed.zone = match[0]
    return true
  },
  B: (input, parsed) => name(input, months, (index) => (parsed.month = index + 1)),
  b: (input, parsed) => name(input, months, (index) => (parsed.month = index + 1)),
  h: (input, parsed) => name(input, months, (index) => (parsed.month = index + 1)),
  A: (input) => name(input, weekdays, () => undefined),
  a: (input) => name(input, weekdays, () => undefined),
  p: (input, parsed) => halfDay(input, parsed),
  P: (input, parsed) => halfDay(input, parsed),
  n: (input) => skipSpace(input),
  t: (input) => skipSpace(input),
  '%': (input) => take(input, /%/y) !== null,
}

function number(pattern: RegExp, set: (parsed: Parsed, value: number) => void): Reader {
  return (input, parsed) => {
    const match = take(input, pattern)
    if (match) set(parsed, Number(match[0]))
    return match !== null
  }
}

function upTo(most: number, set: (parsed: Parsed, value: number) => void, before = ''): Reader {
  const digits = new RegExp(`${before}\\d{1,${String(most).length}}`, 'y')
  return (input, parsed) => {
    const value = Number(take(input, digits)?.[0] ?? NaN)
    if (!(value <= most)) return false
    set(parsed, value)
    return true
  }
}

/** Seconds with as many decimals as the element says; a leap second has none. */
function seconds(decimals: string): Reader {
  const most = decimals === '*' ? '' : decimals
  const fraction = most === '0' ? '' : `(?:\\.(\\d{1,${most}}))?`
  const pattern = new RegExp(`(\\d{1,2})${fraction}`, 'y')
  return (input, parsed) => {
    const match = take(input, pattern)
    if (!match || Number(match[1]) > 60) return false
    parsed.second = Number(match[1])
    parsed.micros = parsed.second === 60 ? 0 : Number(`${match[2] ?? ''}000000`.slice(0, 6))
    return true
  }
}

function offset(pattern: RegExp): Reader {
  return (input, parsed) => {
    const match = take(input, pattern)
    if (!match) return false
    const [, sign, hours = '0', minutes = '0'] = match
    const size = Number(hours) * 60 + Number(minutes)
    if (size > 14 * 60 || Number(minutes) > 59) return false
    parsed.offset = (sign === '-' ? -60 : 60) * size
    return true
  }
}

function name(input: Input, names: string[], set: (index: number) => void): boolean {
  const rest = input.text.slice(input.at).toLowerCase()
  const starts = (text: string): boolean => rest.startsWith(text.toLowerCase())
  const whole = names.findIndex(starts)
  const index = whole >= 0 ? whole : names.findIndex((n) => starts(n.slice(0, 3)))
  if (index < 0) return false
  input.at += whole >= 0 ? (names[index] ?? '').length : 3
  set(index)
  return true
}

function halfDay(input: Input, parsed: Parsed): boolean {
  const match = take(input, /am|pm/iy)
  if (match) parsed.isAfternoon = match[0].toLowerCase() === 'pm'
  return match !== null
}

function take(input: Input, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = input.at
  const match = pattern.exec(input.text)
  if (match) input.at += match[0].length
  return match
}

export function skipSpace(input: Input): true {
  while (/\s/.test(input.text[input.at] ?? '')) input.at += 1
  return true
}
