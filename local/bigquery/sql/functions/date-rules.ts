import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import { countOf, type DatePart, microseconds, printPart, weekStart } from './date-part.ts'
import { readInterval } from './interval.ts'
import type { Call, Rules } from './rule.ts'
import { toLocal, toLocalClock, zoneArgument } from './time-zone.ts'

/** DATE, DATETIME and TIME: no zones, days of 24 hours. */
export const dateRules: Rules = {
  'date(INT64)': 'bq.make_date({0}, {1}, {2})',
  'date(DATE)': '{0}',
  'date(DATETIME)': 'CAST({0} AS DATE)',
  'date(TIMESTAMP)': (call) => `CAST(${toLocal(call.arg(0), zoneArgument(call, 1))} AS DATE)`,
  'datetime(DATE)': (call) =>
    call.nodes.length === 1
      ? `CAST(${call.arg(0)} AS TIMESTAMP)`
      : `(${call.arg(0)} + ${call.arg(1)})`,
  'datetime(DATETIME)': '{0}',
  'datetime(STRING)': 'bq.text_to_datetime({0})',
  'datetime(TIMESTAMP)': (call) => toLocal(call.arg(0), zoneArgument(call, 1)),
  'datetime(INT64)': 'bq.make_datetime({*})',
  'time(INT64)': 'bq.make_time({*})',
  'time(TIME)': '{0}',
  'time(DATETIME)': 'CAST({0} AS TIME)',
  'time(TIMESTAMP)': (call) => `CAST(${toLocalClock(call.arg(0), zoneArgument(call, 1))} AS TIME)`,
  current_date: (call) => `CAST(${toLocal(now(call), zoneArgument(call, 0))} AS DATE)`,
  current_datetime: (call) => toLocal(now(call), zoneArgument(call, 0)),
  current_time: (call) => `CAST(${toLocal(now(call), zoneArgument(call, 0))} AS TIME)`,
  unix_date: `CAST({0} - DATE '1970-01-01' AS BIGINT)`,
  date_from_unix_date: 'bq.date_of_days({0})',
  last_day: (call) => lastDay(call),
  date_add: (call) => shift(call, 1),
  date_sub: (call) => shift(call, -1),
  datetime_add: (call) => shift(call, 1),
  datetime_sub: (call) => shift(call, -1),
  time_add: (call) => shiftTime(call, 1),
  time_sub: (call) => shiftTime(call, -1),
  '$add(DATE,INT64)': "bq.date_add_days({0}, {1}, {1} || ' DAY')",
  '$add(INT64,DATE)': "bq.date_add_days({1}, {0}, {0} || ' DAY')",
  '$subtract(DATE,INT64)': (call) =>
    `bq.date_add_days(${call.arg(0)}, -${countOf(call.arg(1), 1)}, -CAST(${call.arg(1)} AS HUGEINT) || ' DAY')`,
  '$add(DATE,INTERVAL)': (call) => shiftByInterval(call, 1),
  '$subtract(DATE,INTERVAL)': (call) => shiftByInterval(call, -1),
  '$add(DATETIME,INTERVAL)': (call) => shiftByInterval(call, 1),
  '$subtract(DATETIME,INTERVAL)': (call) => shiftByInterval(call, -1),
  // Each takes values of the other types too, and then does what the function of that type does.
  'timestamp_add(DATETIME)': (call) => shift(call, 1),
  'timestamp_sub(DATETIME)': (call) => shift(call, -1),
  date_trunc: (call) =>
    `CAST(${truncate(call)} AS ${call.types[0]?.kind === 'DATE' ? 'DATE' : 'TIMESTAMP'})`,
  datetime_trunc: (call) => `CAST(${truncate(call)} AS TIMESTAMP)`,
  'timestamp_trunc(DATETIME)': (call) => `CAST(${truncate(call)} AS TIMESTAMP)`,
  time_trunc: (call) => `bq.time_trunc(${call.arg(0)}, ${length(printPart(call.nodes[1]), call)})`,
  date_diff: (call) =>
    difference(call, `CAST(${call.arg(0)} AS DATE)`, `CAST(${call.arg(1)} AS DATE)`),
  datetime_diff: (call) => datetimeDifference(call),
  'date_diff(DATETIME)': (call) => datetimeDifference(call),
  'timestamp_diff(DATETIME)': (call) => datetimeDifference(call),
  time_diff: (call) => {
    const size = length(printPart(call.nodes[2]), call)
    return `CAST(bq.floor_div(epoch_us(${call.arg(0)}), ${size}) - bq.floor_div(epoch_us(${call.arg(1)}), ${size}) AS BIGINT)`
  },
  $extract: (call) => extract(call),
  $extract_date: (call) => `CAST(${local(call, 1)} AS DATE)`,
  $extract_time: (call) => `CAST(${localClock(call, 1)} AS TIME)`,
  $extract_datetime: (call) => `CAST(${local(call, 1)} AS TIMESTAMP)`,
}

function now(call: Call): string {
  return call.scope.context.currentTimestamp
}

function local(call: Call, zone: number): string {
  if (call.types[0]?.kind !== 'TIMESTAMP') return call.arg(0)
  return toLocal(call.arg(0), zoneArgument(call, zone))
}

function localClock(call: Call, zone: number): string {
  if (call.types[0]?.kind !== 'TIMESTAMP') return call.arg(0)
  return toLocalClock(call.arg(0), zoneArgument(call, zone))
}

/** Cut to the beginning of its year, week, hour …; `value` is a DATE or DATETIME. */
export function truncate(call: Call, value = call.arg(0)): string {
  const part = printPart(call.nodes[1])
  const start = weekStart(part)
  if (start !== undefined) return `bq.truncate_to_week(${value}, ${start})`
  return `date_trunc('${part.toLowerCase()}', ${value})`
}

const timeParts = new Set<string>(['HOUR', 'MINUTE', 'SECOND', 'MILLISECOND', 'MICROSECOND'])

function shift(call: Call, sign: 1 | -1): string {
  const part = printPart(call.nodes[2])
  if (call.type.kind === 'DATE' && timeParts.has(part)) {
    const name = sign === 1 ? 'DATE_ADD' : 'DATE_SUB'
    throw new BigQueryError(
      'invalidQuery',
      `${name} does not support the ${part} date part when the argument is DATE type`,
      { location: 'query' },
    )
  }
  return shifted(call, part, call.arg(1), sign)
}

function shiftByInterval(call: Call, sign: 1 | -1): string {
  const interval = readInterval(call, 1)
  if (interval) return shifted(call, interval.part, interval.amount, sign)
  const operator = sign === 1 ? '+' : '-'
  return `bq.checked_datetime(CAST(${call.arg(0)} AS TIMESTAMP) ${operator} ${call.arg(1)})`
}

function shifted(call: Call, part: DatePart, amount: string, sign: 1 | -1): string {
  const value = call.arg(0)
  const minus = sign === 1 ? '' : '-'
  const months = { MONTH: 1, QUARTER: 3, YEAR: 12 }[part as string]
  const isDate = call.type.kind === 'DATE'
  const what = `${minus}CAST(${amount} AS HUGEINT) || ' ${part}'`
  // The operator speaks of adding always, the function of subtracting.
  const words =
    sign === 1 || call.name.startsWith('$')
      ? `'Adding ' || ${what} || ' to datetime '`
      : `'Subtracting ' || ${amount} || ' ${part} from datetime '`
  if (months !== undefined) {
    const whole = isDate
      ? `'Adding ' || ${what} || ' to date ' || bq.date_text(${value})`
      : `${words} || bq.datetime_text(${value})`
    return `CAST(bq.add_months(${value}, ${minus}${countOf(amount, months)}, ${whole}) AS ${isDate ? 'DATE' : 'TIMESTAMP'})`
  }
  const days = { DAY: 1, WEEK: 7 }[part as string]
  if (days !== undefined && isDate)
    return `bq.date_add_days(${value}, ${minus}${countOf(amount, days)}, ${what})`
  const size = days === undefined ? microseconds(part) : days * 86_400_000_000
  if (size === undefined) throw notSupported(`${call.name.toUpperCase()} by ${part}`)
  return `bq.datetime_add(CAST(${value} AS TIMESTAMP), ${minus}${countOf(amount, size)}, ${words})`
}

/** A TIME goes round the clock. */
function shiftTime(call: Call, sign: 1 | -1): string {
  const size = length(printPart(call.nodes[2]), call)
  return `bq.time_add(${call.arg(0)}, ${sign === 1 ? '' : '-'}${call.arg(1)} * CAST(${size} AS HUGEINT))`
}

function datetimeDifference(call: Call): string {
  const size = microseconds(printPart(call.nodes[2]))
  const [left, right] = [call.arg(0), call.arg(1)]
  if (size === undefined) return difference(call, `CAST(${left} AS DATE)`, `CAST(${right} AS DATE)`)
  return `CAST(bq.floor_div(epoch_us(${left}), ${size}) - bq.floor_div(epoch_us(${right}), ${size}) AS BIGINT)`
}

/** Boundaries between two dates. */
function difference(call: Call, left: string, right: string): string {
  const part = printPart(call.nodes[2])
  const start = weekStart(part)
  if (start !== undefined) {
    return `CAST((bq.week_start(${left}, ${start}) - bq.week_start(${right}, ${start})) // 7 AS BIGINT)`
  }
  if (part === 'ISOYEAR') {
    return `CAST(extract(isoyear FROM ${left}) - extract(isoyear FROM ${right}) AS BIGINT)`
  }
  return `CAST(date_diff('${part.toLowerCase()}', ${right}, ${left}) AS BIGINT)`
}

function lastDay(call: Call): string {
  const date = `CAST(${call.arg(0)} AS DATE)`
  const part = call.nodes[1] ? printPart(call.nodes[1]) : 'MONTH'
  const start = weekStart(part)
  if (start !== undefined)
    return `bq.last_day(${date}, CAST(bq.week_start(${date}, ${start}) + 6 AS DATE), '${part}')`
  const months = { MONTH: 1, QUARTER: 3, YEAR: 12 }[part as string]
  if (months === undefined) {
    if (part !== 'ISOYEAR') throw notSupported(`LAST_DAY of ${part}`)
    return `bq.last_day(${date}, CAST(date_trunc('isoyear', date_trunc('isoyear', ${date}) + INTERVAL 380 DAY) AS DATE) - 1, 'ISOYEAR')`
  }
  return `CAST(date_trunc('${part.toLowerCase()}', ${date}) + INTERVAL ${months} MONTH - INTERVAL 1 DAY AS DATE)`
}

function length(part: DatePart, call: Call): number {
  const size = microseconds(part)
  if (size === undefined) throw notSupported(`${call.name.toUpperCase()} by ${part}`)
  return size
}

function extract(call: Call): string {
  const part = printPart(call.nodes[1])
  const value =
    call.types[0]?.kind === 'TIMESTAMP'
      ? toLocalClock(call.arg(0), zoneArgument(call, 2))
      : call.arg(0)
  const start = weekStart(part)
  if (start !== undefined && part !== 'ISOWEEK') return `bq.week_of_year(${value}, ${start})`
  switch (part) {
    case 'DAYOFWEEK':
      return `CAST(extract(dow FROM ${value}) + 1 AS BIGINT)`
    case 'DAYOFYEAR':
      return `CAST(extract(doy FROM ${value}) AS BIGINT)`
    case 'ISOWEEK':
      return `CAST(extract(week FROM ${value}) AS BIGINT)`
    case 'MILLISECOND':
      return `CAST(extract(microsecond FROM ${value}) % 1000000 // 1000 AS BIGINT)`
    case 'MICROSECOND':
      return `CAST(extract(microsecond FROM ${value}) % 1000000 AS BIGINT)`
    case 'SECOND':
      return `CAST(extract(microsecond FROM ${value}) // 1000000 AS BIGINT)`
    default:
      return `CAST(extract(${part.toLowerCase()} FROM ${value}) AS BIGINT)`
  }
}
