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
  js_interval_text: define(['interval'], 'text', intervalText),
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
