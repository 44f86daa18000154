import { months, weekdays } from './format-time.ts'
import { instantOfLocal, isTimeZone, utcSeconds } from './time-zones.ts'

type Parsed = {
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

type Input = { text: string; at: number }

/** PARSE_TIMESTAMP and its kin: microseconds since the epoch. */
export function parseTime(format: string, text: string, zone: string): bigint {
  const fail = (): never => {
    throw new Error(`Failed to parse input string ${JSON.stringify(text)}`)
  }
  const input = { text, at: 0 }
  const parsed: Parsed = {
    year: 1970,
    month: 1,
    day: 1,
    hour: 0,
    minute: 0,
    second: 0,
    micros: 0,
    zone,
  }
  skipSpace(input)
  for (const token of tokens(expanded(format))) {
    if (/^\s+$/.test(token)) skipSpace(input)
    else if (token.length > 1 && token.startsWith('%')) {
      const read = readerOf(token)
      if (!read) throw new Error(`not supported by the local engine: the format element ${token}`)
      if (!read(input, parsed)) fail()
    } else if (input.text.startsWith(token, input.at)) input.at += token.length
    else fail()
  }
  skipSpace(input)
  if (input.at < text.length) fail()
  return microsOf(parsed) ?? fail()
}

/** The first element of a format that is not read here. */
export function unreadElement(format: string): string | undefined {
  const parts = tokens(expanded(format))
  return parts.find((token) => token.length > 1 && token.startsWith('%') && !readerOf(token))
}

function readerOf(token: string): (typeof readers)[string] {
  const decimals = /^%E([0-6])S$/.exec(token)?.[1]
  return decimals === undefined ? readers[token.slice(1)] : seconds(decimals)
}

const compound: Record<string, string> = {
  '%F': '%Y-%m-%d',
  '%T': '%H:%M:%S',
  '%X': '%H:%M:%S',
  '%R': '%H:%M',
  '%D': '%m/%d/%y',
  '%x': '%m/%d/%y',
  '%r': '%I:%M:%S %p',
  '%c': '%a %b %e %H:%M:%S %Y',
}

function expanded(format: string): string {
  return format.replaceAll(/%[FTXRDxrc]/g, (element) => compound[element] ?? element)
}

function tokens(format: string): string[] {
  return format.match(/%(?:E\*S|E\dS|E4Y|Ez|.)|\s+|[^%\s]/gs) ?? []
}

type Reader = (input: Input, parsed: Parsed) => boolean

const readers: Record<string, Reader | undefined> = {
  // A fifth digit belongs to the year where no more follow.
  Y: number(/-?(?:\d{5}(?!\d)|\d{1,4})/y, (p, n) => (p.year = n)),
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

function skipSpace(input: Input): true {
  while (/\s/.test(input.text[input.at] ?? '')) input.at += 1
  return true
}

function microsOf(p: Parsed): bigint | undefined {
  if (p.epochSeconds !== undefined) return BigInt(p.epochSeconds) * 1_000_000n
  const hour = p.hour12 === undefined ? p.hour : (p.hour12 % 12) + (p.isAfternoon ? 12 : 0)
  const days = p.dayOfYear === undefined ? dateSeconds(p) : dayOfYearSeconds(p.year, p.dayOfYear)
  if (days === undefined || hour > 23 || p.minute > 59 || p.second > 60) return undefined
  if (p.hour12 !== undefined && (p.hour12 < 1 || p.hour12 > 12)) return undefined
  const local = days + hour * 3600 + p.minute * 60 + p.second
  const instant = p.offset === undefined ? instantOfLocal(p.zone, local) : local - p.offset
  if (instant === undefined) throw new Error(`Invalid time zone: ${p.zone}`)
  if (instant < -62_135_596_800 || instant >= 253_402_300_800) return undefined
  return BigInt(instant) * 1_000_000n + BigInt(p.micros)
}

/** Midnight of a date that exists. */
export function dateSeconds(
  { year, month, day }: Pick<Parsed, 'year' | 'month' | 'day'>,
  [first, last]: readonly [number, number] = [1, 9999],
) {
  if (month < 1 || month > 12 || day < 1 || year < first || year > last) return undefined
  const date = new Date(utcSeconds(year, month, day) * 1000)
  return date.getUTCMonth() === month - 1 ? date.getTime() / 1000 : undefined
}

function dayOfYearSeconds(year: number, day: number): number | undefined {
  const date = new Date(utcSeconds(year, 1, day) * 1000)
  return day > 0 && date.getUTCFullYear() === year ? date.getTime() / 1000 : undefined
}
