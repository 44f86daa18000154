import type { Interval } from '../../database/interval-text.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

const microsPerDay = 86_400_000_000n
const least = -62_135_596_800_000_000n

/** Where the bucket of a time begins, all as microseconds; `kind` is DATE, DATETIME or TIMESTAMP. */
export const timeBuckets: Record<string, ScalarFunction> = {
  js_time_bucket: define(
    ['int64', 'interval', 'int64', 'text'],
    'int64',
    (value, width, origin, kind) => {
      checkWidth(width, kind)
      const start =
        width.months === 0
          ? evenStart(value, BigInt(width.days) * microsPerDay + width.micros, origin)
          : monthStart(value, width.months, origin)
      if (start >= least) return start
      const shown = shownTime(value, kind)
      throw new Error(`Bucket for ${shown} is outside of ${kind.toLowerCase()} range`)
    },
  ),
}

function checkWidth({ months, days, micros }: Interval, kind: string): void {
  if (months < 0 || days < 0 || micros < 0n) {
    throw new Error('Negative bucket width INTERVAL is not allowed')
  }
  if (kind === 'DATE' && micros !== 0n) {
    throw new Error('Only MONTH and DAY parts are allowed in bucket width INTERVAL')
  }
  if (kind === 'TIMESTAMP' && months !== 0) {
    throw new Error('Bucket width INTERVAL with non-zero MONTH part is not allowed')
  }
  if ([months !== 0, days !== 0, micros !== 0n].filter(Boolean).length !== 1) {
    throw new Error('Exactly one non-zero INTERVAL part in bucket width is required')
  }
}

function evenStart(value: bigint, width: bigint, origin: bigint): bigint {
  const rest = (value - origin) % width
  return value - (rest < 0n ? rest + width : rest)
}

/** So many months before or after the origin, whose day may not be in every month. */
function monthStart(value: bigint, width: number, origin: bigint): bigint {
  const between = monthOf(value) - monthOf(origin)
  const count = Math.floor(between / width)
  const start = addMonths(origin, count * width)
  return start <= value ? start : addMonths(origin, (count - 1) * width)
}

function monthOf(micros: bigint): number {
  const date = dateOf(micros)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

function dateOf(micros: bigint): Date {
  return new Date(Number(micros - clockOf(micros)) / 1000)
}

function clockOf(micros: bigint): bigint {
  return ((micros % microsPerDay) + microsPerDay) % microsPerDay
}

function addMonths(micros: bigint, months: number): bigint {
  const date = dateOf(micros)
  const day = date.getUTCDate()
  date.setUTCMonth(date.getUTCMonth() + months, 1)
  const last = new Date(date)
  last.setUTCMonth(last.getUTCMonth() + 1, 0)
  date.setUTCDate(Math.min(day, last.getUTCDate()))
  return BigInt(date.getTime()) * 1000n + clockOf(micros)
}

function shownTime(micros: bigint, kind: string): string {
  const text = dateOf(micros).toISOString().slice(0, 10)
  if (kind === 'DATE') return text
  const seconds = clockOf(micros) / 1_000_000n
  const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n]
  const clock = parts.map((part) => String(part).padStart(2, '0')).join(':')
  return `${text} ${clock}${kind === 'TIMESTAMP' ? '+00' : ''}`
}
