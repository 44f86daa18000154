import type { Call, Rules } from './rule.ts'

/** Each takes values of the other types too, and then does what the function of that type does. */
export const bucketRules: Rules = {
  date_bucket: ofItsType,
  datetime_bucket: ofItsType,
  timestamp_bucket: ofItsType,
}

function ofItsType(call: Call): string {
  if (call.type.kind === 'TIMESTAMP') return `make_timestamptz(${bucket(call, 'TIMESTAMP', epoch)})`
  if (call.type.kind === 'DATETIME') return `make_timestamp(${bucket(call, 'DATETIME', epoch)})`
  return `CAST(make_timestamp(${bucket(call, 'DATE', epochOfDate)}) AS DATE)`
}

function epochOfDate(date: string): string {
  return `epoch_us(CAST(${date} AS TIMESTAMP))`
}

function epoch(time: string): string {
  return `epoch_us(${time})`
}

/** Where no origin is named it is the beginning of 1950. */
function bucket(call: Call, kind: string, micros: (time: string) => string): string {
  const origin = call.optional(2)
  const start = origin === undefined ? '-631152000000000' : micros(origin)
  return `js_time_bucket(${micros(call.arg(0))}, ${call.arg(1)}, ${start}, '${kind}')`
}
