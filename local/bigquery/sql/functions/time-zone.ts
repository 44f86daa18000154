import { BigQueryError } from '../../bigquery-error.ts'
import { literalValue } from '../printer/expressions.ts'
import { isTimeZone } from '../runtime/time-zones.ts'
import type { Call } from './rule.ts'

/** The zone that an argument names, as DuckDB's SQL; UTC without the argument. */
export function zoneArgument(call: Call, index: number): string {
  const node = call.nodes[index]
  if (!node) return `'UTC'`
  const name = node.kind === 'Literal' ? literalValue(node).stringValue : undefined
  if (name !== undefined && !isTimeZone(name)) {
    throw new BigQueryError('invalidQuery', `Invalid time zone: ${name}`, { location: 'query' })
  }
  return call.arg(index)
}

/** A TIMESTAMP as DATETIME in UTC. DuckDB's own conversion asks for the rules of the zone, which takes ten times as long. */
export function utcClock(timestamp: string): string {
  return `make_timestamp(epoch_us(${timestamp}))`
}

/** A TIMESTAMP as the DATETIME of a zone. DuckDB's own conversion knows names and no offsets. */
export function toLocal(timestamp: string, zone: string): string {
  if (zone === `'UTC'`) return utcClock(timestamp)
  return `bq.checked_datetime(${toLocalClock(timestamp, zone)})`
}

/** The same for what only looks at the clock: it may show a year that DATETIME does not have. */
export function toLocalClock(timestamp: string, zone: string): string {
  if (zone === `'UTC'`) return utcClock(timestamp)
  if (isNamedZone(zone)) return `bq.local_time(${timestamp}, ${zone})`
  return `make_timestamp(js_local_micros(epoch_us(${timestamp}), ${zone}))`
}

/** A DATETIME of a zone as TIMESTAMP: the first of the two where an hour occurs twice. */
export function fromLocal(datetime: string, zone: string): string {
  if (zone === `'UTC'`) return `make_timestamptz(epoch_us(${datetime}))`
  return `make_timestamptz(js_utc_micros(epoch_us(${datetime}), ${zone}))`
}

function isNamedZone(zone: string): boolean {
  return /^'[A-Za-z_]+\/[A-Za-z_/-]+'$/.test(zone)
}
