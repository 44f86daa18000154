import { notSupported } from '../../bigquery-error.ts'
import { duckType } from '../printer/duck-sql.ts'
import { literalValue } from '../printer/expressions.ts'
import type { DatePart } from './date-part.ts'
import { fresh } from '../printer/scope.ts'
import { readInterval } from './interval.ts'
import type { Call, Rules } from './rule.ts'

const microsPerDay = 86_400_000_000

/** A RANGE is a struct of its two ends, of which NULL is none. */
export const rangeRules: Rules = {
  range: 'bq.checked_range({0}, {1})',
  'range_start(RANGE)': `struct_extract({0}, 'start')`,
  'range_end(RANGE)': `struct_extract({0}, 'end')`,
  'range_contains(RANGE,RANGE)': 'bq.range_contains_range({0}, {1})',
  'range_contains(RANGE)': 'bq.range_contains({0}, {1})',
  'range_overlaps(RANGE)': 'bq.range_overlaps({0}, {1})',
  'range_intersect(RANGE)': 'bq.range_intersect({0}, {1})',
  'generate_range_array(RANGE)': (call) => generate(call),
  ...Object.fromEntries(
    [
      '$less',
      '$less_or_equal',
      '$greater',
      '$greater_or_equal',
      '$between',
      'greatest',
      'least',
    ].map((name) => [`${name}(RANGE)`, (call: Call) => refuseOrder(call)]),
  ),
}

/** DuckDB puts structs in another order. */
function refuseOrder({ name }: Call): never {
  throw notSupported(`the order of ranges (${name.replace('$', '')})`)
}

const units: Partial<Record<DatePart, { make: string; size: number; shortest: number }>> = {
  YEAR: { make: 'to_months', size: 12, shortest: 365 * microsPerDay },
  QUARTER: { make: 'to_months', size: 3, shortest: 89 * microsPerDay },
  MONTH: { make: 'to_months', size: 1, shortest: 28 * microsPerDay },
  WEEK: { make: 'to_days', size: 7, shortest: 7 * microsPerDay },
  DAY: { make: 'to_days', size: 1, shortest: microsPerDay },
  HOUR: { make: 'to_microseconds', size: 3_600_000_000, shortest: 3_600_000_000 },
  MINUTE: { make: 'to_microseconds', size: 60_000_000, shortest: 60_000_000 },
  SECOND: { make: 'to_microseconds', size: 1_000_000, shortest: 1_000_000 },
}

/** Each step lies so many intervals behind the start: two months on may be another day than a month after a month on. */
function generate(call: Call): string {
  const interval = readInterval(call, 1)
  if (!interval) throw notSupported('GENERATE_RANGE_ARRAY by an interval that is a value')
  const unit = units[interval.part]
  const [type] = call.types
  const element = type?.kind === 'RANGE' ? type.element : call.type
  const isFine = unit?.make === (element.kind === 'DATE' ? 'to_microseconds' : 'to_months')
  if (!unit || (element.kind !== 'DATETIME' && isFine)) {
    throw notSupported(`GENERATE_RANGE_ARRAY of RANGE<${element.kind}> by ${interval.part}`)
  }
  const flag = call.nodes[2]
  const isPartial = !flag || literalValue(flag).boolValue === true
  const [range, step, k] = [
    call.arg(0),
    `CAST(${interval.amount} AS BIGINT)`,
    fresh(call.scope, '_e'),
  ]
  const [start, end] = [`struct_extract(${range}, 'start')`, `struct_extract(${range}, 'end')`]
  const after = (count: string): string => {
    const moved = `make_timestamp(epoch_us(${start})) + ${unit.make}(CAST(${count} * ${step} * ${unit.size} AS ${unit.make === 'to_microseconds' ? 'BIGINT' : 'INTEGER'}))`
    return element.kind === 'TIMESTAMP'
      ? `((${moved}) AT TIME ZONE 'UTC')`
      : `CAST(${moved} AS ${duckType(element)})`
  }
  const most = `(epoch_us(${end}) - epoch_us(${start})) // (${step} * ${unit.shortest}) + 1`
  const isThere = `${after(k)} < ${end}${isPartial ? '' : ` AND ${after(`(${k} + 1)`)} <= ${end}`}`
  const steps = `list_filter(range(0, ${most}), lambda ${k}: ${isThere})`
  const ranges = `list_transform(${steps}, lambda ${k}: struct_pack("start" := ${after(k)}, "end" := least(${after(`(${k} + 1)`)}, ${end})))`
  return `(CASE WHEN ${start} IS NULL OR ${end} IS NULL THEN CASE WHEN ${range} IS NULL THEN NULL ELSE js_error('input RANGE cannot have UNBOUNDED endpoints')::${duckType(call.type)} END WHEN ${step} <= 0 THEN js_error('GENERATE_RANGE_ARRAY: the step must be positive')::${duckType(call.type)} ELSE ${ranges} END)`
}
