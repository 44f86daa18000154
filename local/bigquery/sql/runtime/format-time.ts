import { offsetSeconds } from './time-zones.ts'

export const weekdays = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
]
export const months = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
]

/** What a format can ask for of a moment on the clocks of a zone. */
type Moment = {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  micros: number
  weekday: number
  dayOfYear: number
  epochSeconds: bigint
  offset: number
  zone: string
}

/** FORMAT_TIMESTAMP and its kin. */
export function formatTime(format: string, micros: bigint, zone: string): string {
  const moment = momentOf(micros, zone)
  return format.replaceAll(/%(E\*S|E\dS|E\dY|E4Y|Ez|[EO]?.)/gs, (whole, element: string) => {
    return formatElement(element, moment) ?? whole
  })
}

function momentOf(micros: bigint, zone: string): Moment {
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const epochSeconds = (micros - fraction) / 1_000_000n
  const offset = offsetSeconds(zone, Number(epochSeconds))
  if (offset === undefined) throw new Error(`Invalid time zone: ${zone}`)
  const date = new Date((Number(epochSeconds) + offset) * 1000)
  const year = date.getUTCFullYear()
  const start = new Date(0)
  start.setUTCFullYear(year, 0, 1)
  return {
    year,
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    micros: Number(fraction),
    weekday: date.getUTCDay(),
    dayOfYear: Math.floor((date.getTime() - start.getTime()) / 86_400_000),
    epochSeconds,
    offset,
    zone,
  }
}

function formatElement(element: string, m: Moment): string | undefined {
  if (element === 'E*S') return two(m.second) + fractionText(m.micros)
  if (/^E\dS$/.test(element)) {
    const digits = Number(element[1])
    const fraction = `${String(m.micros).padStart(6, '0')}000`.slice(0, digits)
    return digits === 0 ? two(m.second) : `${two(m.second)}.${fraction}`
  }
  if (element === 'E4Y') return String(m.year).padStart(4, '0')
  if (element === 'Ez') return offsetText(m.offset, ':')
  return elements[element]?.(m)
}

const elements: Record<string, ((m: Moment) => string) | undefined> = {
  A: (m) => weekdays[m.weekday] ?? '',
  a: (m) => (weekdays[m.weekday] ?? '').slice(0, 3),
  B: (m) => months[m.month - 1] ?? '',
  b: (m) => (months[m.month - 1] ?? '').slice(0, 3),
  h: (m) => (months[m.month - 1] ?? '').slice(0, 3),
  C: (m) => String(Math.floor(m.year / 100)),
  c: (m) =>
    `${elements['a']?.(m)} ${elements['b']?.(m)} ${space(m.day)} ${elements['T']?.(m)} ${m.year}`,
  D: (m) => `${two(m.month)}/${two(m.day)}/${two(m.year % 100)}`,
  x: (m) => `${two(m.month)}/${two(m.day)}/${two(m.year % 100)}`,
  d: (m) => two(m.day),
  e: (m) => space(m.day),
  F: (m) => `${m.year}-${two(m.month)}-${two(m.day)}`,
  G: (m) => String(isoWeek(m).year),
  g: (m) => two(isoWeek(m).year % 100),
  H: (m) => two(m.hour),
  I: (m) => two(m.hour % 12 || 12),
  J: (m) => String(isoWeek(m).dayOfYear).padStart(3, '0'),
  j: (m) => String(m.dayOfYear + 1).padStart(3, '0'),
  k: (m) => space(m.hour),
  l: (m) => space(m.hour % 12 || 12),
  M: (m) => two(m.minute),
  m: (m) => two(m.month),
  n: () => '\n',
  P: (m) => (m.hour < 12 ? 'am' : 'pm'),
  p: (m) => (m.hour < 12 ? 'AM' : 'PM'),
  Q: (m) => String(Math.floor((m.month - 1) / 3) + 1),
  R: (m) => `${two(m.hour)}:${two(m.minute)}`,
  r: (m) => `${elements['I']?.(m)}:${two(m.minute)}:${two(m.second)} ${elements['p']?.(m)}`,
  S: (m) => two(m.second),
  s: (m) => String(m.epochSeconds),
  T: (m) => `${two(m.hour)}:${two(m.minute)}:${two(m.second)}`,
  X: (m) => `${two(m.hour)}:${two(m.minute)}:${two(m.second)}`,
  t: () => '\t',
  U: (m) => two(Math.floor((m.dayOfYear + 7 - m.weekday) / 7)),
  u: (m) => String(m.weekday || 7),
  V: (m) => two(isoWeek(m).week),
  W: (m) => two(Math.floor((m.dayOfYear + 7 - ((m.weekday + 6) % 7)) / 7)),
  w: (m) => String(m.weekday),
  Y: (m) => String(m.year),
  y: (m) => two(m.year % 100),
  Z: (m) => (m.offset === 0 ? 'UTC' : `UTC${shortOffset(m.offset)}`),
  z: (m) => offsetText(m.offset, ''),
  '%': () => '%',
}

function isoWeek(m: Moment): { year: number; week: number; dayOfYear: number } {
  const thursday = new Date(0)
  thursday.setUTCFullYear(m.year, m.month - 1, m.day - ((m.weekday + 6) % 7) + 3)
  const year = thursday.getUTCFullYear()
  const start = new Date(0)
  start.setUTCFullYear(year, 0, 1)
  const week = Math.floor((thursday.getTime() - start.getTime()) / 86_400_000 / 7) + 1
  return { year, week, dayOfYear: (week - 1) * 7 + ((m.weekday + 6) % 7) + 1 }
}

function fractionText(micros: number): string {
  return micros === 0 ? '' : `.${String(micros).padStart(6, '0').replace(/0+$/, '')}`
}

export function offsetText(seconds: number, separator: string): string {
  const minutes = Math.floor(Math.abs(seconds) / 60)
  return `${seconds < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${separator}${two(minutes % 60)}`
}

function shortOffset(seconds: number): string {
  const minutes = Math.floor(Math.abs(seconds) / 60)
  if (minutes % 60 !== 0) return offsetText(seconds, '')
  return `${seconds < 0 ? '-' : '+'}${minutes / 60}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function space(value: number): string {
  return String(value).padStart(2, ' ')
}
