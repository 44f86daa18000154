import { notSupported } from '../../bigquery-error.ts'
import { duckType } from '../printer/duck-sql.ts'
import { countOf, microseconds, printPart } from './date-part.ts'
import { orElse } from '../printer/scope.ts'
import type { Call, Rules } from './rule.ts'

const joined = (call: Call): string =>
  call.args().reduce((left, right) => `bq.array_concat(${left}, ${right})`)

/** Making, reading and generating arrays. */
export const arrayRules: Rules = {
  $make_array: (call) => `CAST([${call.args().join(', ')}] AS ${duckType(call.type)})`,
  // An element of a constant NULL has no type to DuckDB, and then that of numbers.
  $array_at_offset: 'CAST(bq.at({0}, {1}) AS {type})',
  $safe_array_at_offset: 'CAST(bq.safe_at({0}, {1}) AS {type})',
  $array_at_ordinal: 'CAST(bq.at_ordinal({0}, {1}) AS {type})',
  $safe_array_at_ordinal: 'CAST(bq.safe_at({0}, {1} - 1) AS {type})',
  array_length: 'len({0})',
  array_concat: joined,
  '$concat_op(ARRAY)': joined,
  array_reverse: 'list_reverse({0})',
  array_first: 'bq.array_first({0})',
  array_last: 'bq.array_last({0})',
  array_slice: 'bq.array_slice({0}, {1}, {2})',
  array_to_string: (call) => {
    const element = call.types[0]?.kind === 'ARRAY' ? call.types[0].element.kind : undefined
    if (element !== 'STRING') throw notSupported('ARRAY_TO_STRING of BYTES')
    const [items, separator, nullText] = call.args()
    const join = call.nodes[1]?.kind === 'Literal' ? 'array_to_string' : 'array_to_string_by'
    if (nullText === undefined) return `bq.${join}(${items}, ${separator})`
    return `CASE WHEN ${nullText} IS NOT NULL THEN bq.${join}(list_transform(${items}, lambda x: ${orElse('x', nullText, call.scope)}), ${separator}) END`
  },
  'generate_array(INT64)': 'bq.generate_array({0}, {1}, {2|CAST(1 AS BIGINT)})',
  'generate_array(NUMERIC)': (call) =>
    `bq.generate_numerics(${call.arg(0)}, ${call.arg(1)}, ${call.optional(2) ?? 'CAST(1 AS DECIMAL(38,9))'})`,
  'generate_array(FLOAT64)': 'bq.generate_floats({0}, {1}, {2|CAST(1 AS DOUBLE)})',
  generate_date_array: (call) => {
    const part = call.nodes[3] ? printPart(call.nodes[3]) : 'DAY'
    const step = call.optional(2) ?? 'CAST(1 AS BIGINT)'
    const unit = { DAY: 1, WEEK: 7, MONTH: 1, QUARTER: 3, YEAR: 12 }[part as string]
    if (unit === undefined) throw notSupported(`GENERATE_DATE_ARRAY by ${part}`)
    const by = part === 'DAY' || part === 'WEEK' ? 'days' : 'months'
    return `bq.generate_dates_by_${by}(${call.arg(0)}, ${call.arg(1)}, bq.clamped(${step}, ${by === 'days' ? 4_000_000 : 120_000}) * ${unit})`
  },
  generate_timestamp_array: (call) => {
    const part = printPart(call.nodes[3])
    return `bq.generate_timestamp_array(${call.arg(0)}, ${call.arg(1)}, ${call.arg(2)}, ${countOf(call.arg(2), microseconds(part) ?? refusePart(part))})`
  },
}

function refusePart(part: string): never {
  throw notSupported(`GENERATE_TIMESTAMP_ARRAY by ${part}`)
}
