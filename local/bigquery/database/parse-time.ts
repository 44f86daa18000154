/** Text of dates and times as BigQuery takes it in rows; undefined where it does not. */

const dateParts = String.raw`(\d{4})[-/](\d{1,2})[-/](\d{1,2})`
const clockParts = String.raw`(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,6})\d*)?)?`
const zone = String.raw`\s*(Z|UTC|(?:UTC)?([+-])(\d{1,2})(?::?(\d{2}))?)`
const dateForm = new RegExp(`^${dateParts}$`)
const timeForm = new RegExp(`^${clockParts}$`)
const dateTimeForm = new RegExp(`^${dateParts}(?:[Tt ]\\s*${clockParts})?$`)
const timestampForm = new RegExp(`^${dateParts}(?:[Tt ]\\s*${clockParts})?(?:${zone})?$`, 'i')
const secondsForm = /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/

const microsPerDay = 86_400_000_000n

/** Days since 1970-01-01. */
export function parseDate(text: string): number | undefined {
  const [, year, month, day] = dateForm.exec(text) ?? []
  return year === undefined ? undefined : daysOf(year, month, day)
}

/** Microseconds since midnight. */
export function parseTime(text: string): bigint | undefined {
  const match = timeForm.exec(text)
  return match ? clockMicros(match.slice(1, 5)) : undefined
}

/** Microseconds since 1970-01-01T00:00:00, in no zone. */
export function parseDateTime(text: string): bigint | undefined {
  const match = dateTimeForm.exec(text)
  return match ? localMicros(match) : undefined
}

/** Microseconds since the epoch; text without a zone is UTC, a bare number is seconds. */
export function parseTimestamp(text: string): bigint | undefined {
  if (secondsForm.test(text)) return inRange(BigInt(Math.round(Number(text) * 1e6)))
  const match = timestampForm.exec(text)
  const local = match ? localMicros(match) : undefined
  if (!match || local === undefined) return undefined
  const [sign, hours = '0', minutes = '0'] = match.slice(9)
  const offset = BigInt((Number(hours) * 60 + Number(minutes)) * 60) * 1_000_000n
  return inRange(sign === '-' ? local + offset : local - offset)
}

function localMicros(match: RegExpExecArray): bigint | undefined {
  const days = daysOf(match[1], match[2], match[3])
  const time = match[4] === undefined ? 0n : clockMicros(match.slice(4, 8))
  return days === undefined || time === undefined ? undefined : BigInt(days) * microsPerDay + time
}

function daysOf(year = '', month = '', day = ''): number | undefined {
  if (Number(year) === 0) return undefined
  const date = new Date(0)
  // Not Date.UTC, for which the years 0 to 99 are 1900 to 1999.
  date.setUTCFullYear(Number(year), Number(month) - 1, Number(day))
  const rolledOver = date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)
  return rolledOver ? undefined : date.getTime() / 86_400_000
}

function clockMicros([hour, minute, second = '0', fraction = '']: (string | undefined)[]):
  bigint | undefined {
  const [h, m, s] = [Number(hour), Number(minute), Number(second)]
  // A leap second is the first second of the next minute.
  if (h > 23 || m > 59 || s > 60) return undefined
  return BigInt((h * 60 + m) * 60 + s) * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}

const first = -62_135_596_800_000_000n
const last = 253_402_300_799_999_999n

function inRange(micros: bigint): bigint | undefined {
  return micros >= first && micros <= last ? micros : undefined
}
