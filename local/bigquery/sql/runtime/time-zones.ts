const formats = new Map<string, Intl.DateTimeFormat>()

/** Names of the tz database and offsets like `+05:30`; the short names of zones are none. */
export function isTimeZone(name: string): boolean {
  return offsetOfName(name) !== undefined || formatOf(name) !== undefined
}

/**
 * How far the zone's clocks are ahead of UTC at an instant, in seconds; undefined: no such zone.
 * Texts show whole minutes, of local mean time too; DATETIMEs are exact.
 */
export function offsetSeconds(zone: string, epochSeconds: number): number | undefined {
  const offset = exactOffset(zone, epochSeconds)
  return offset === undefined ? undefined : Math.trunc(offset / 60) * 60
}

export function exactOffset(zone: string, epochSeconds: number): number | undefined {
  const fixed = offsetOfName(zone)
  if (fixed !== undefined) return fixed
  const format = formatOf(zone)
  if (!format) return undefined
  // Before there were zones the offset never changed; years before 1 would need an era.
  const seconds = Math.max(epochSeconds, firstYearOfFourDigits)
  const parts: Record<string, number> = {}
  for (const { type, value } of format.formatToParts(seconds * 1000)) parts[type] = Number(value)
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts
  return utcSeconds(year, month, day) + hour * 3600 + minute * 60 + second - seconds
}

const firstYearOfFourDigits = -30_610_224_000

/** The instant at which the zone's clocks show this; the first of two; as if they had not jumped yet where they skip it. */
export function instantOfLocal(zone: string, localSeconds: number): number | undefined {
  const before = exactOffset(zone, localSeconds - 86_400)
  const after = exactOffset(zone, localSeconds + 86_400)
  if (before === undefined || after === undefined) return undefined
  if (before === after) return localSeconds - before
  const early = localSeconds - before
  if (exactOffset(zone, early) === before) return early
  const late = localSeconds - after
  return exactOffset(zone, late) === after ? late : early
}

/** Seconds since the epoch at midnight UTC; months beyond the year's count on. */
export function utcSeconds(year: number, month: number, day: number): number {
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return date.getTime() / 1000
}

function offsetOfName(name: string): number | undefined {
  if (name === 'UTC') return 0
  const match = /^(?:UTC)?([+-])(\d{1,2})(?::?(\d{1,2}))?$/.exec(name)
  if (!match) return undefined
  const [, sign, hours = '0', minutes = '0'] = match
  if (Number(hours) * 60 + Number(minutes) > 14 * 60 || Number(minutes) > 59) return undefined
  return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60)
}

function formatOf(name: string): Intl.DateTimeFormat | undefined {
  const known = formats.get(name)
  if (known) return known
  // Node takes offsets and abbreviations for zones too, which GoogleSQL does not.
  if (!/^[A-Za-z_]+\/[A-Za-z0-9_+/-]+$/.test(name) && !singleNames.has(name)) return undefined
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      calendar: 'iso8601',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
    const { timeZone } = format.resolvedOptions()
    const isMisspelt = timeZone !== name && timeZone.toLowerCase() === name.toLowerCase()
    if (isMisspelt || /(?:^|\/)[a-z]/.test(name)) return undefined
    formats.set(name, format)
    return format
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** Zones of the tz database whose names have no slash. */
const singleNames = new Set(
  'GMT GMT0 GMT+0 GMT-0 Greenwich EST MST HST EST5EDT CST6CDT MST7MDT PST8PDT CET MET EET WET Cuba Egypt Eire GB GB-Eire Hongkong Iceland Iran Israel Jamaica Japan Kwajalein Libya NZ NZ-CHAT Navajo PRC Poland Portugal ROC ROK Singapore Turkey UCT Universal W-SU Zulu'.split(
    ' ',
  ),
)
