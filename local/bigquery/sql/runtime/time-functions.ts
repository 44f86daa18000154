import { formatTime, offsetText } from './format-time.ts'
import { dateSeconds, parseTime } from './parse-time.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'
import { fittedFormat, refuseForeignElements } from './time-elements.ts'
import { exactOffset, instantOfLocal, isTimeZone, offsetSeconds } from './time-zones.ts'

const parser = define(['text', 'text', 'text', 'text'], 'int64', (format, text, zone, kind) => {
  refuseForeignElements(format, kind)
  return parseTime(format, text, zone)
})

/** What DuckDB does not know of times as BigQuery does: formats, zones and where clocks jump. */
export const timeFunctions: Record<string, ScalarFunction> = {
  js_format_time: define(['text', 'int64', 'text', 'text'], 'text', (format, micros, zone, kind) =>
    formatTime(fittedFormat(format, kind), micros, zone),
  ),
  js_parse_time: parser,
  /** The same, whose format may not be one that is read here. */
  js_parse_time_of_any_format: parser,
  js_local_micros: define(['int64', 'text'], 'int64', (micros, zone) => {
    const offset = exactOffset(zone, Number(floorSeconds(micros)))
    if (offset === undefined) throw new Error(`Invalid time zone: ${zone}`)
    return micros + BigInt(offset) * 1_000_000n
  }),
  js_shown_micros: define(['int64', 'text'], 'int64', (micros, zone) => {
    return micros + BigInt(knownOffset(zone, Number(floorSeconds(micros)))) * 1_000_000n
  }),
  js_utc_micros: define(['int64', 'text'], 'int64', (micros, zone) => {
    const seconds = floorSeconds(micros)
    const instant = instantOfLocal(zone, Number(seconds))
    if (instant === undefined) throw new Error(`Invalid time zone: ${zone}`)
    if (instant < -62_135_596_800 || instant >= 253_402_300_800) {
      throw new Error(
        'TIMESTAMP value is out of allowed range: from 0001-01-01 00:00:00.000000+00 to 9999-12-31 23:59:59.999999+00.',
      )
    }
    return BigInt(instant) * 1_000_000n + (micros - seconds * 1_000_000n)
  }),
  js_offset_text: define(['int64', 'text'], 'text', (micros, zone) => {
    return offsetText(knownOffset(zone, Number(floorSeconds(micros))), ':').replace(/:00$/, '')
  }),
  js_timestamp: define(['text', 'text'], 'int64', parseTimestamp),
  js_timestamp_in_zone: define(['text', 'text'], 'int64', (text, zone) => {
    return civilPattern.test(text) ? parseTimestamp(text, zone) : null
  }),
  js_datetime: define(['text'], 'int64', (text) => {
    const match = civilPattern.exec(text)
    return match?.[1]?.length === 4 ? civilMicros(match) : null
  }),
  js_date: define(['text'], 'int64', (text) => {
    const match = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text)
    if (!match) return null
    const [, year, month, day] = match.map(Number)
    const seconds = dateSeconds({ year: year ?? 0, month: month ?? 0, day: day ?? 0 })
    return seconds === undefined ? null : BigInt(seconds / 86_400)
  }),
  js_make_date: define(['int64', 'int64', 'int64'], 'int64', (year, month, day) => {
    const seconds = dateSeconds({ year: Number(year), month: Number(month), day: Number(day) })
    if (seconds !== undefined) return BigInt(seconds / 86_400)
    const [y, m, d] = [padded(year, 4), padded(month, 2), padded(day, 2)]
    throw new Error(`Input calculates to invalid date: ${y}-${m}-${d}`)
  }),
  js_time: define(['text'], 'int64', (text) => {
    const match = /^(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d{1,9}))?$/.exec(text)
    return match && clockMicros(match[1], match[2], match[3], match[4])
  }),
}

/** With zeros before it, a sign taking the place of one. */
function padded(value: bigint, length: number): string {
  if (value >= 0n) return String(value).padStart(length, '0')
  return `-${String(-value).padStart(length - 1, '0')}`
}

const civil =
  '(\\d{4,5})-(\\d{1,2})-(\\d{1,2})(?:[Tt ](\\d{1,2}):(\\d{1,2}):(\\d{1,2})(?:\\.(\\d{1,9}))?)?'
const civilPattern = new RegExp(`^${civil}$`)

/** Behind a time an offset follows at once and a name after one space; behind a date only an offset may stand. */
const offsetPattern = '[+-]\\d{1,2}(?::?\\d{1,2})?'
const zonedPattern = new RegExp(
  `^${civil}(?:(?<=:[\\d.]+)(?:([Zz]|${offsetPattern})| (?![+-]|[Zz]$)(\\S+))|(?<!:[\\d.]+)[Tt ](${offsetPattern}))?$`,
)

/** What CAST takes for a TIMESTAMP; null for everything else. */
function parseTimestamp(text: string, defaultZone: string): bigint | null {
  const match = zonedPattern.exec(text)
  // Where it is another year, the clocks of a zone may show one that no DATE has.
  const micros = match && civilMicros(match, [0, 10_000])
  if (!match || micros === null) return null
  const [, , , , , , , , behindTime, name, behindDate] = match
  const zone = (behindTime ?? behindDate)?.replace(/^z$/i, 'UTC') ?? name ?? defaultZone
  if (!isTimeZone(zone)) return null
  const seconds = floorSeconds(micros)
  const instant = instantOfLocal(zone, Number(seconds))
  if (instant === undefined || instant < -62_135_596_800 || instant >= 253_402_300_800) return null
  return BigInt(instant) * 1_000_000n + (micros - seconds * 1_000_000n)
}

function civilMicros(match: RegExpExecArray, years?: readonly [number, number]): bigint | null {
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction] = match
  const date = { year: Number(year), month: Number(month), day: Number(day) }
  const days = dateSeconds(date, years)
  const clock = clockMicros(hour, minute, second, fraction)
  return days === undefined || clock === null ? null : BigInt(days) * 1_000_000n + clock
}

function clockMicros(hour = '0', minute = '0', second = '0', fraction = ''): bigint | null {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return null
  // More than six digits are more than the type holds.
  if (/[1-9]/.test(fraction.slice(6)) || fraction.length > 6) return null
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second)
  return BigInt(seconds) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

function knownOffset(zone: string, seconds: number): number {
  const offset = offsetSeconds(zone, seconds)
  if (offset === undefined) throw new Error(`Invalid time zone: ${zone}`)
  return offset
}

function floorSeconds(micros: bigint): bigint {
  const rest = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  return (micros - rest) / 1_000_000n
}
