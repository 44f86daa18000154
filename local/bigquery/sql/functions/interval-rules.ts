import { BigQueryError } from '../../bigquery-error.ts'
import { type DatePart, printPart } from './date-part.ts'
import type { Call, Rules } from './rule.ts'

/** DuckDB's INTERVAL is GoogleSQL's: months, days and microseconds, each by itself. */
export const intervalRules: Rules = {
  '$interval(INT64)': (call) => ofPart(call, printPart(call.nodes[1])),
  make_interval: 'js_make_interval({0}, {1}, {2}, {3}, {4}, {5})',
  'justify_hours(INTERVAL)': 'js_justify_hours({0})',
  'justify_days(INTERVAL)': 'js_justify_days({0})',
  'justify_interval(INTERVAL)': 'js_justify_interval({0})',
  '$extract(INTERVAL)': (call) => {
    const part = printPart(call.nodes[1])
    if (fields.has(part)) return `js_interval_field(${call.arg(0)}, '${part}')`
    throw invalid(`Unsupported date part ${part} in EXTRACT FROM INTERVAL`)
  },
  '$add(INTERVAL,INTERVAL)': 'js_interval_sum({0}, {1})',
  '$subtract(INTERVAL,INTERVAL)': 'js_interval_sum({0}, -{1})',
  '$unary_minus(INTERVAL)': '(-{0})',
  '$multiply(INTERVAL,INT64)': 'js_interval_product({0}, {1})',
  '$multiply(INT64,INTERVAL)': 'js_interval_product({1}, {0})',
  '$divide(INTERVAL,INT64)': 'js_interval_quotient({0}, {1})',
  '$add(INTERVAL,DATE)': 'bq.checked_datetime(CAST({1} AS TIMESTAMP) + {0})',
  '$add(INTERVAL,DATETIME)': 'bq.checked_datetime({1} + {0})',
  '$add(INTERVAL,TIMESTAMP)': 'bq.timestamp_micros(epoch_us({1}) + js_interval_micros({0}))',
  '$subtract(DATE,DATE)': 'js_interval(0, {0} - {1}, 0)',
  '$subtract(DATETIME,DATETIME)': 'js_datetime_distance(epoch_us({0}) - epoch_us({1}))',
  '$subtract(TIMESTAMP,TIMESTAMP)': 'js_interval(0, 0, epoch_us({0}) - epoch_us({1}))',
  '$subtract(TIME,TIME)': 'js_interval(0, 0, epoch_us({0}) - epoch_us({1}))',
}

/** Months, days and microseconds of one unit. */
const unitsOf: Partial<Record<DatePart, [months: number, days: number, micros: number]>> = {
  YEAR: [12, 0, 0],
  QUARTER: [3, 0, 0],
  MONTH: [1, 0, 0],
  WEEK: [0, 7, 0],
  DAY: [0, 1, 0],
  HOUR: [0, 0, 3_600_000_000],
  MINUTE: [0, 0, 60_000_000],
  SECOND: [0, 0, 1_000_000],
}

function ofPart(call: Call, part: DatePart): string {
  const unit = unitsOf[part]
  if (!unit) throw invalid(`Invalid interval datetime field ${part}`)
  return `js_interval_of(${call.arg(0)}, ${unit.join(', ')})`
}

const fields = new Set<DatePart>([
  'YEAR',
  'MONTH',
  'DAY',
  'HOUR',
  'MINUTE',
  'SECOND',
  'MILLISECOND',
  'MICROSECOND',
])

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalidQuery', message, { location: 'query' })
}
