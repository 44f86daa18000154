import { readerOf, skipSpace, type Parsed } from './time-readers.ts'
import { instantOfLocal, utcSeconds } from './time-zones.ts'

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

const compound: Record<string, string> = {
  // Its reader reads the year, which has less room here than in %Y.
  '%F': '%F-%m-%d',
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
