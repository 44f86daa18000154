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
      const read = readers[token.slice(1)] ?? readers[token.slice(1).replace(/\d/, '*')]
      if (!read) throw new Error(`Format element ${token} is not supported by the local engine`)
      if (!read(input, parsed)) fail()
    } else if (input.text.startsWith(token, input.at)) input.at += token.length
    else fail()
  }
  skipSpace(input)
  if (input.at < text.length) fail()
  return microsOf(parsed) ?? fail()
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
  Y: number(/[+-]?\d{1,5}/y, (p, n) => (p.year = n)),
  E4Y: number(/[+-]?\d{4}/y, (p, n) => (p.year = n)),
  y: number(/\d{1,2}/y, (p, n) => (p.year = n < 69 ? 2000 + n : 1900 + n)),
  m: number(/\d{1,2}/y, (p, n) => (p.month = n)),
  d: number(/ ?\d{1,2}/y, (p, n) => (p.day = n)),
  e: number(/ ?\d{1,2}/y, (p, n) => (p.day = n)),
  H: number(/\d{1,2}/y, (p, n) => (p.hour = n)),
  k: number(/ ?\d{1,2}/y, (p, n) => (p.hour = n)),
  I: number(/\d{1,2}/y, (p, n) => (p.hour12 = n)),
  l: number(/ ?\d{1,2}/y, (p, n) => (p.hour12 = n)),
  M: number(/\d{1,2}/y, (p, n) => (p.minute = n)),
  S: number(/\d{1,2}/y, (p, n) => (p.second = n)),
  j: number(/\d{1,3}/y, (p, n) => (p.dayOfYear = n)),
  s: number(/-?\d+/y, (p, n) => (p.epochSeconds = n)),
  'E*S': (input, parsed) => {
    const match = take(input, /(\d{1,2})(?:\.(\d+))?/y)
    if (!match) return false
    parsed.second = Number(match[1])
    parsed.micros = Number(`${match[2] ?? ''}000000`.slice(0, 6))
    return true
  },
  z: (input, parsed) => offset(input, parsed),
  Ez: (input, parsed) => offset(input, parsed),
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

function offset(input: Input, parsed: Parsed): boolean {
  const match = take(input, /Z|z|([+-])(\d{2}):?(\d{2})?/y)
  if (!match) return false
  const [, sign, hours = '0', minutes = '0'] = match
  parsed.offset = (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
  return true
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
export function dateSeconds({ year, month, day }: Pick<Parsed, 'year' | 'month' | 'day'>) {
  if (month < 1 || month > 12 || day < 1 || year < 1 || year > 9999) return undefined
  const date = new Date(utcSeconds(year, month, day) * 1000)
  return date.getUTCMonth() === month - 1 ? date.getTime() / 1000 : undefined
}

function dayOfYearSeconds(year: number, day: number): number | undefined {
  const date = new Date(utcSeconds(year, 1, day) * 1000)
  return day > 0 && date.getUTCFullYear() === year ? date.getTime() / 1000 : undefined
}
