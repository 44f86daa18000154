import { notSupported } from '../../bigquery-error.ts'
import { truncate } from './date-rules.ts'
import { countOf, type DatePart, microseconds, printPart } from './date-part.ts'
import { readInterval } from './interval.ts'
import type { Call, Rules } from './rule.ts'
import { fromLocal, toLocal, toLocalClock, zoneArgument } from './time-zone.ts'

/** Functions of TIMESTAMP: in UTC unless a time zone is named. */
export const timestampRules: Rules = {
  current_timestamp: (call) => call.scope.context.currentTimestamp,
  'timestamp(STRING)': (call) =>
    call.nodes.length === 1
      ? `bq.text_to_timestamp(${call.arg(0)}, 'UTC')`
      : `bq.timestamp_in_zone(${call.arg(0)}, ${zoneArgument(call, 1)})`,
  'timestamp(TIMESTAMP)': '{0}',
  'timestamp(DATE)': (call) =>
    fromLocal(`CAST(${call.arg(0)} AS TIMESTAMP)`, zoneArgument(call, 1)),
  'timestamp(DATETIME)': (call) => fromLocal(call.arg(0), zoneArgument(call, 1)),
  timestamp_seconds: (call) => `bq.timestamp_micros(${countOf(call.arg(0), 1_000_000)})`,
  timestamp_millis: (call) => `bq.timestamp_micros(${countOf(call.arg(0), 1000)})`,
  timestamp_micros: 'bq.timestamp_micros({0})',
  unix_seconds: 'bq.floor_div(epoch_us({0}), 1000000)',
  unix_millis: 'bq.floor_div(epoch_us({0}), 1000)',
  unix_micros: 'epoch_us({0})',
  timestamp_add: add,
  'date_add(TIMESTAMP)': add,
  'datetime_add(TIMESTAMP)': add,
  timestamp_sub: subtract,
  'date_sub(TIMESTAMP)': subtract,
  'datetime_sub(TIMESTAMP)': subtract,
  '$add(TIMESTAMP,INTERVAL)': (call) => shiftByInterval(call, '+'),
  '$subtract(TIMESTAMP,INTERVAL)': (call) => shiftByInterval(call, '-'),
  timestamp_diff: difference,
  'date_diff(TIMESTAMP)': difference,
  'datetime_diff(TIMESTAMP)': difference,
  timestamp_trunc: cut,
  'date_trunc(TIMESTAMP)': cut,
  'datetime_trunc(TIMESTAMP)': cut,
  'string(TIMESTAMP)': (call) => timestampText(call.arg(0), zoneArgument(call, 1)),
  'string(DATE)': 'bq.date_text({0})',
  'string(DATETIME)': 'bq.datetime_text({0})',
  'string(TIME)': 'bq.time_text({0})',
}

function add(call: Call): string {
  return shift(call, call.arg(1), printPart(call.nodes[2]), '+')
}

function subtract(call: Call): string {
  return shift(call, call.arg(1), printPart(call.nodes[2]), '-')
}

/** Whole units between two instants. */
function difference(call: Call): string {
  return `bq.timestamp_diff(${call.arg(0)}, ${call.arg(1)}, ${length(printPart(call.nodes[2]), call)})`
}

function cut(call: Call): string {
  const zone = zoneArgument(call, 2)
  const part = printPart(call.nodes[1])
  const size = microseconds(part)
  if (size !== undefined && part !== 'DAY') {
    const unit = `'${part.toLowerCase()}'`
    if (zone === `'UTC'`) return `date_trunc(${unit}, ${call.arg(0)})`
    // What the clock of the zone shows beyond the full hour goes: an hour that occurs twice stays the one that it is.
    const clock = toLocalClock(call.arg(0), zone)
    const rest = `epoch_us(${clock}) - epoch_us(date_trunc(${unit}, ${clock}))`
    return `bq.timestamp_micros(epoch_us(${call.arg(0)}) - (${rest}))`
  }
  // The beginning of an ISO year is found from a date, which must be one.
  const clock = part === 'ISOYEAR' ? toLocal(call.arg(0), zone) : toLocalClock(call.arg(0), zone)
  const value = truncate(call, clock)
  return fromLocal(`CAST(${value} AS TIMESTAMP)`, zone)
}

function timestampText(value: string, zone: string): string {
  if (zone === `'UTC'`) return `bq.timestamp_text(${value})`
  return `bq.timestamp_text_in(${value}, ${zone})`
}

function shiftByInterval(call: Call, sign: '+' | '-'): string {
  const interval = readInterval(call, 1)
  if (interval) return shift(call, interval.amount, interval.part, sign)
  const micros = `js_interval_micros(${call.arg(1)})`
  return `bq.timestamp_micros(epoch_us(${call.arg(0)}) ${sign} ${micros})`
}

function shift(call: Call, amount: string, part: DatePart, sign: '+' | '-'): string {
  const size = length(part, call)
  // A day is 24 hours to a TIMESTAMP, and is called so.
  const [unit, unitSize] = part === 'DAY' ? ['HOUR', 24] : [part, 1]
  const shown = `${sign}CAST(${amount} AS HUGEINT) * ${unitSize} || ' ${unit}'`
  return `bq.timestamp_add(${call.arg(0)}, ${sign}${countOf(amount, size)}, ${shown})`
}

function length(part: DatePart, call: Call): number {
  const size = microseconds(part)
  if (size === undefined) throw notSupported(`${call.name.toUpperCase()} by ${part}`)
  return size
}
