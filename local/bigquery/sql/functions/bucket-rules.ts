import type { Call, Rules } from './rule.ts'

/** DATE_BUCKET and its like; where they name no origin it is the beginning of 1950. */
export const bucketRules: Rules = {
  date_bucket: (call) => `CAST(make_timestamp(${bucket(call, 'DATE', epochOfDate)}) AS DATE)`,
  datetime_bucket: (call) => `make_timestamp(${bucket(call, 'DATETIME', epoch)})`,
  timestamp_bucket: (call) => `make_timestamptz(${bucket(call, 'TIMESTAMP', epoch)})`,
}

function epochOfDate(date: string): string {
  return `epoch_us(CAST(${date} AS TIMESTAMP))`
}

function epoch(time: string): string {
  return `epoch_us(${time})`
}

function bucket(call: Call, kind: string, micros: (time: string) => string): string {
  const origin = call.optional(2)
  const start = origin === undefined ? '-631152000000000' : micros(origin)
  return `js_time_bucket(${micros(call.arg(0))}, ${call.arg(1)}, ${start}, '${kind}')`
}
