import { decimalText } from '../../database/decimal.ts'
import { type Interval, intervalText } from '../../database/interval-text.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

const microsPerDay = 86_400_000_000n
const microsPerMonth = 30n * microsPerDay

/** An INTERVAL has months, days and microseconds, each with a sign of its own. */
export const intervalFunctions: Record<string, ScalarFunction> = {
  js_interval: define(['int64', 'int64', 'int64'], 'interval', interval),
  /** So many of a unit. */
  js_interval_of: define(
    ['int64', 'int64', 'int64', 'int64'],
    'interval',
    (count, months, days, micros) => interval(count * months, count * days, count * micros),
  ),
  js_interval_sum: define(['interval', 'interval'], 'interval', (a, b) =>
    interval(BigInt(a.months + b.months), BigInt(a.days + b.days), a.micros + b.micros),
  ),
  js_interval_product: define(['interval', 'int64'], 'interval', ({ months, days, micros }, n) =>
    interval(BigInt(months) * n, BigInt(days) * n, micros * n),
  ),
  /** What is left of a month goes on as days of it, what is left of a day as its time. */
  js_interval_quotient: define(['interval', 'int64'], 'interval', (dividend, n) => {
    if (n === 0n) throw new Error('Interval division by zero')
    const months = BigInt(dividend.months)
    const days = BigInt(dividend.days) + (months % n) * 30n
    const micros = dividend.micros + (days % n) * microsPerDay
    return interval(months / n, days / n, micros / n)
  }),
  js_make_interval: define(
    ['int64', 'int64', 'int64', 'int64', 'int64', 'int64'],
    'interval',
    (years, months, days, hours, minutes, seconds) =>
      interval(years * 12n + months, days, ((hours * 60n + minutes) * 60n + seconds) * 1_000_000n),
  ),
  js_justify_hours: define(['interval'], 'interval', ({ months, days, micros }) => {
    const all = BigInt(days) * microsPerDay + micros
    return interval(BigInt(months), all / microsPerDay, all % microsPerDay)
  }),
  js_justify_days: define(['interval'], 'interval', ({ months, days, micros }) => {
    const all = BigInt(months) * 30n + BigInt(days)
    return interval(all / 30n, all % 30n, micros)
  }),
  js_justify_interval: define(['interval'], 'interval', ({ months, days, micros }) => {
    const all = (BigInt(months) * 30n + BigInt(days)) * microsPerDay + micros
    const rest = all % microsPerMonth
    return interval(all / microsPerMonth, rest / microsPerDay, rest % microsPerDay)
  }),
  js_datetime_distance: define(['int64'], 'interval', (micros) =>
    interval(0n, micros / microsPerDay, micros % microsPerDay),
  ),
  /** What a TIMESTAMP is moved by. */
  js_interval_micros: define(['interval'], 'int64', ({ months, days, micros }) => {
    if (months === 0) return BigInt(days) * microsPerDay + micros
    throw new Error(
      'TIMESTAMP +/- INTERVAL is not supported for intervals with non-zero MONTH or YEAR part.',
    )
  }),
  js_interval_field: define(['interval', 'text'], 'int64', ({ months, days, micros }, part) => {
    switch (part) {
      case 'YEAR':
        return BigInt(Math.trunc(months / 12))
      case 'MONTH':
        return BigInt(months % 12)
      case 'DAY':
        return BigInt(days)
      case 'HOUR':
        return micros / 3_600_000_000n
      case 'MINUTE':
        return (micros / 60_000_000n) % 60n
      case 'SECOND':
        return (micros / 1_000_000n) % 60n
      case 'MILLISECOND':
        return (micros % 1_000_000n) / 1000n
      default:
        return micros % 1_000_000n
    }
  }),
  js_interval_iso: define(['interval'], 'text', isoText),
  js_interval_text: define(['interval'], 'text', intervalText),
}

/** `P1Y2M3DT4H5M6.5S`: only the parts that are not zero, each with its sign. */
function isoText({ months, days, micros }: Interval): string {
  const date =
    isoPart(Math.trunc(months / 12), 'Y') + isoPart(months % 12, 'M') + isoPart(days, 'D')
  const clock = isoPart(micros / 3_600_000_000n, 'H') + isoPart((micros / 60_000_000n) % 60n, 'M')
  const rest = micros % 60_000_000n
  const seconds = rest === 0n ? '' : `${decimalText(rest, 6)}S`
  const time = clock + seconds === '' ? '' : `T${clock}${seconds}`
  return date + time === '' ? 'P0Y' : `P${date}${time}`
}

function isoPart(count: bigint | number, unit: string): string {
  return count ? `${count}${unit}` : ''
}

function interval(months: bigint, days: bigint, micros: bigint): Interval {
  check('months', months, 120_000n)
  check('days', days, 3_660_000n)
  check('nanoseconds', micros * 1000n, 316_224_000_000_000_000_000n)
  return { months: Number(months), days: Number(days), micros }
}

function check(field: string, value: bigint, limit: bigint): void {
  if (value <= limit && value >= -limit) return
  throw new Error(`Interval field ${field} '${value}' is out of range -${limit} to ${limit}`)
}
