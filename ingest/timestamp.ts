const zero = 0x30
const nine = 0x39
const colon = 0x3a
const dash = 0x2d
const plus = 0x2b
const point = 0x2e
const letterT = 0x54
const letterZ = 0x5a

const minuteMs = 60_000
const dayMs = 24 * 60 * minuteMs
const firstInstant = Date.parse('0001-01-01T00:00:00Z')
const endOfTime = Date.parse('9999-12-31T00:00:00Z') + dayMs
/** BigQuery knows no offset beyond this. */
const widestOffsetMinutes = 14 * 60

/**
 * Whether a text is an RFC 3339 time with `Z` or an offset that is also a BigQuery TIMESTAMP. A
 * leap second (`:60`) is not: neither BigQuery nor a producer's clock has one.
 */
export function isTimestamp(text: string): boolean {
  if (text.charCodeAt(4) !== dash || text.charCodeAt(7) !== dash) return false
  if (text.charCodeAt(10) !== letterT) return false
  if (text.charCodeAt(13) !== colon || text.charCodeAt(16) !== colon) return false
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2)
  if (!isDate(year, twoDigits(text, 5), twoDigits(text, 8))) return false
  if (!(twoDigits(text, 11) <= 23)) return false
  if (!(twoDigits(text, 14) <= 59 && twoDigits(text, 17) <= 59)) return false

  const offset = offsetMinutes(text, endOfFraction(text, 19))
  if (!(Math.abs(offset) <= widestOffsetMinutes)) return false
  // Only at the ends of time an offset can lead beyond them.
  if (year !== 1 && year !== 9999) return true
  const utc = Date.parse(`${text.slice(0, 19)}Z`) - offset * minuteMs
  return utc >= firstInstant && utc < endOfTime
}

/** NaN if there are none, which no comparison accepts. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - zero
  const units = text.charCodeAt(at + 1) - zero
  return tens >= 0 && tens <= 9 && units >= 0 && units <= 9 ? tens * 10 + units : Number.NaN
}

function endOfFraction(text: string, start: number): number {
  if (text.charCodeAt(start) !== point) return start
  let end = start + 1
  while (text.charCodeAt(end) >= zero && text.charCodeAt(end) <= nine) end++
  return end === start + 1 ? start : end
}

/** What `Z` or an offset at the end of a text says; NaN if it is neither. */
function offsetMinutes(text: string, at: number): number {
  const sign = text.charCodeAt(at)
  if (sign === letterZ) return text.length === at + 1 ? 0 : Number.NaN
  if ((sign !== plus && sign !== dash) || text.charCodeAt(at + 3) !== colon) return Number.NaN
  const minutes = twoDigits(text, at + 4)
  if (!(minutes <= 59) || text.length !== at + 6) return Number.NaN
  const offset = twoDigits(text, at + 1) * 60 + minutes
  return sign === plus ? offset : -offset
}

function isDate(year: number, month: number, day: number): boolean {
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1)) return false
  if (day <= 28) return true
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return day <= days
}

let known = { seconds: Number.NaN, nanos: Number.NaN, text: '' }

/** With milliseconds, as Pub/Sub has them, or with as many digits as BigQuery keeps. */
export function toRfc3339(seconds: number, nanos: number): string {
  // Messages that arrive together were published together, many of them by one request.
  if (seconds === known.seconds && nanos === known.nanos) return known.text
  const toTheSecond = new Date(seconds * 1_000).toISOString().slice(0, -'.000Z'.length)
  const micros = Math.floor(nanos / 1_000)
  const isWholeMillis = micros % 1_000 === 0
  const fraction = isWholeMillis
    ? String(micros / 1_000).padStart(3, '0')
    : String(micros).padStart(6, '0')
  known = { seconds, nanos, text: `${toTheSecond}.${fraction}Z` }
  return known.text
}
