const pattern = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$/

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
  const parts = pattern.exec(text)
  if (!parts) return false
  const [, year, month, day, hour, minute, second, sign, offsetHour, offsetMinute] = parts
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return false
  if (!isDate(Number(year), Number(month), Number(day))) return false

  const offset = sign ? Number(offsetHour) * 60 + Number(offsetMinute) : 0
  if (Number(offsetMinute ?? 0) > 59 || offset > widestOffsetMinutes) return false
  // Only at the ends of time an offset can lead beyond them.
  if (year !== '0001' && year !== '9999') return true
  const local = Date.parse(`${text.slice(0, 19)}Z`)
  const utc = sign === '-' ? local + offset * minuteMs : local - offset * minuteMs
  return utc >= firstInstant && utc < endOfTime
}

function isDate(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  if (day <= 28) return true
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31
  return day <= days
}

let knownSecond = Number.NaN
let knownText = ''

/** With milliseconds, as Pub/Sub has them, or with as many digits as BigQuery keeps. */
export function toRfc3339(seconds: number, nanos: number): string {
  // Messages that arrive together were published together.
  if (seconds !== knownSecond) {
    knownText = new Date(seconds * 1_000).toISOString().slice(0, -'000Z'.length)
    knownSecond = seconds
  }
  const micros = Math.floor(nanos / 1_000)
  const isWholeMillis = micros % 1_000 === 0
  return isWholeMillis
    ? `${knownText}${String(micros / 1_000).padStart(3, '0')}Z`
    : `${knownText}${String(micros).padStart(6, '0')}Z`
}
