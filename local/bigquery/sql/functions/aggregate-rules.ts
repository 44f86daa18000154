import { notSupported } from '../../bigquery-error.ts'
import type { SqlType } from '../analyzer/sql-type.ts'
import { castToText } from '../printer/text-casts.ts'
import { type AggregateCall, type CollectedAggregate, sized } from './aggregate-call.ts'
import { approximateRules } from './approximate-rules.ts'

/** Prints an aggregate; `over` is its window, or nothing. */
type AggregateRule = (call: AggregateCall, over: string) => string | CollectedAggregate

/** Aggregates by name, or by name and the type of the first argument, which goes before. */
export const aggregateRules: Record<string, AggregateRule | undefined> = {
  $count_star: (_, over) => `count(*)${over}`,
  count: (call, over) => `count(${distinct(call)})${over}`,
  countif: (call, over) => `count(${distinct(call)}) FILTER (WHERE ${call.arg(0)})${over}`,
  'sum(INT64)': (call, over) => `bq.int64_sum(sum(${distinct(call)})${over})`,
  'sum(NUMERIC)': (call, over) => `bq.numeric_sum(${sized(call, `sum(${distinct(call)})${over}`)})`,
  'sum(FLOAT64)': (call, over) =>
    `bq.finite_sum(sum(${distinct(call)})${over}, bool_or(isinf(${call.arg(0)}))${over})`,
  'sum(INTERVAL)': (call, over) => {
    if (call.isDistinct) throw notSupported('SUM(DISTINCT INTERVAL)')
    return intervalSum(call, over)
  },
  'avg(INT64)': (call, over) => `avg(${distinct(call)})${over}`,
  'avg(FLOAT64)': (call, over) => `bq.finite_average(avg(${distinct(call)})${over})`,
  'avg(NUMERIC)': (call, over) =>
    `bq.numeric_divide(${sized(call, `sum(${distinct(call)})${over}`)}, CAST(nullif(count(${distinct(call)})${over}, 0) AS DECIMAL(38,9)))`,
  'sum(BIGNUMERIC)': (call, over) => `js_bignumeric_sum(sum(${distinct(call)})${over})`,
  'avg(INTERVAL)': (call, over) => {
    if (call.isDistinct) throw notSupported('AVG(DISTINCT INTERVAL)')
    return `js_interval_quotient(${intervalSum(call, over)}, count(${call.arg(0)})${over})`
  },
  'avg(BIGNUMERIC)': (call, over) =>
    `js_bignumeric_average(sum(${distinct(call)})${over}, nullif(count(${distinct(call)})${over}, 0))`,
  'min(INTERVAL)': (call) => refuseOrder(call),
  'max(INTERVAL)': (call) => refuseOrder(call),
  'min(RANGE)': (call) => refuseOrder(call),
  'max(RANGE)': (call) => refuseOrder(call),
  'min(FLOAT64)': (call, over) => {
    const value = call.arg(0)
    return `(CASE WHEN bool_or(isnan(${value}))${over} THEN CAST('nan' AS DOUBLE) ELSE min(${value})${over} END)`
  },
  // To DuckDB NaN is the greatest.
  'max(FLOAT64)': (call, over) => `max(${call.arg(0)})${over}`,
  min: (call, over) => `min(${call.arg(0)})${over}`,
  max: (call, over) => `max(${call.arg(0)})${over}`,
  any_value: (call, over) => {
    if (call.having) return having(call, over)
    return call.nulls === 'IGNORE'
      ? `any_value(${call.arg(0)})${over}`
      : `first(${call.arg(0)})${over}`
  },
  max_by: (call, over) => atExtreme('arg_max_null', call.arg(0), keyOf(call), over),
  min_by: (call, over) => atExtreme('arg_min_null', call.arg(0), keyOf(call), over),
  logical_and: (call, over) => `bool_and(${call.arg(0)})${over}`,
  logical_or: (call, over) => `bool_or(${call.arg(0)})${over}`,
  'bit_and(INT64)': (call, over) => `bit_and(${distinct(call)})${over}`,
  'bit_or(INT64)': (call, over) => `bit_or(${distinct(call)})${over}`,
  'bit_xor(INT64)': (call, over) => `bit_xor(${distinct(call)})${over}`,
  'stddev_samp(FLOAT64)': (call, over) => `stddev_samp(${distinct(call)})${over}`,
  'stddev_pop(FLOAT64)': (call, over) => `stddev_pop(${distinct(call)})${over}`,
  'var_samp(FLOAT64)': (call, over) => `var_samp(${distinct(call)})${over}`,
  'var_pop(FLOAT64)': (call, over) => `var_pop(${distinct(call)})${over}`,
  'corr(FLOAT64)': (call, over) => {
    const pair = call.args().join(', ')
    // DuckDB's is NaN for a single pair, where BigQuery has NULL.
    return `CASE WHEN regr_count(${pair})${over} > 1 THEN corr(${pair})${over} END`
  },
  'covar_pop(FLOAT64)': (call, over) => `covar_pop(${call.args().join(', ')})${over}`,
  'covar_samp(FLOAT64)': (call, over) => `covar_samp(${call.args().join(', ')})${over}`,
  'stddev_samp(NUMERIC)': (call, over) => `sqrt(${variance(call, over, true)})`,
  'stddev_pop(NUMERIC)': (call, over) => `sqrt(${variance(call, over, false)})`,
  'var_samp(NUMERIC)': (call, over) => variance(call, over, true),
  'var_pop(NUMERIC)': (call, over) => variance(call, over, false),
  'stddev_samp(BIGNUMERIC)': (call, over) => `sqrt(${variance(call, over, true)})`,
  'stddev_pop(BIGNUMERIC)': (call, over) => `sqrt(${variance(call, over, false)})`,
  'var_samp(BIGNUMERIC)': (call, over) => variance(call, over, true),
  'var_pop(BIGNUMERIC)': (call, over) => variance(call, over, false),
  'corr(NUMERIC)': (call, over) => `js_exact_correlation(${pairs(call, over)})`,
  'covar_pop(NUMERIC)': (call, over) => `js_exact_covariance(${pairs(call, over)}, false)`,
  'covar_samp(NUMERIC)': (call, over) => `js_exact_covariance(${pairs(call, over)}, true)`,
  array_agg: (call, over) => {
    // BigQuery refuses an array with a NULL in its result, but not on the way to it.
    const list = `array_agg(${distinct(call)}${call.order})${notNull(call, call.nulls === 'IGNORE')}${over}`
    return call.limit === undefined ? list : `(${list})[1:${call.limit}]`
  },
  array_concat_agg: (call, over) => {
    if (call.isDistinct) throw notSupported('ARRAY_CONCAT_AGG(DISTINCT …)')
    return `flatten(${joinedItems(call, over)})`
  },
  'string_agg(STRING)': (call, over) =>
    `bq.array_to_string(${joinedItems(call, over)}, ${call.optional(1) ?? `','`})`,
  'string_agg(BYTES)': (call, over) => {
    const items = `list_transform(${joinedItems(call, over)}, lambda b: js_latin_text(b))`
    const separator = call.nodes.length > 1 ? `js_latin_text(${call.arg(1)})` : `','`
    return `js_bytes_of_latin(bq.array_to_string(${items}, ${separator}))`
  },
  ...approximateRules,
}

/** Of 24 hours and one day, which are equal, it is not known which one BigQuery would give; DuckDB orders structs as no range is. */
function refuseOrder(call: AggregateCall): never {
  throw notSupported(`${call.name.toUpperCase()}(${call.types[0]?.kind})`)
}

function intervalSum(call: AggregateCall, over: string): string {
  const value = call.arg(0)
  const of = (part: string): string => `CAST(sum(${part})${over} AS BIGINT)`
  const months = `date_part('year', ${value}) * 12 + date_part('month', ${value})`
  const time = `date_part('hour', ${value}) * 3600000000 + date_part('minute', ${value}) * 60000000`
  const micros = `${time} + date_part('microsecond', ${value})`
  return `js_interval(${of(months)}, ${of(`date_part('day', ${value})`)}, ${of(micros)})`
}

function distinct(call: AggregateCall): string {
  return call.isDistinct ? `DISTINCT ${call.arg(0)}` : call.arg(0)
}

function joinedItems(call: AggregateCall, over: string): string {
  const list = `array_agg(${distinct(call)}${call.order})${notNull(call, true)}${over}`
  return call.limit === undefined ? list : `(${list})[1:${call.limit}]`
}

function notNull(call: AggregateCall, isFiltered: boolean): string {
  return isFiltered ? ` FILTER (WHERE ${call.arg(0)} IS NOT NULL)` : ''
}

/** All values as one text: what is made of exact sums needs more digits than DuckDB's numbers have. */
function variance(call: AggregateCall, over: string, isSample: boolean): string {
  const text = decimalText(call, 0)
  const all = `string_agg(${call.isDistinct ? 'DISTINCT ' : ''}${text}, ' ')${over}`
  return `js_exact_variance(${all}, ${isSample})`
}

function pairs(call: AggregateCall, over: string): string {
  if (call.isDistinct) throw notSupported(`${call.name.toUpperCase()}(DISTINCT …)`)
  return `string_agg(${decimalText(call, 0)} || ' ' || ${decimalText(call, 1)}, ' ')${over}`
}

function decimalText(call: AggregateCall, index: number): string {
  return castToText(call.arg(index), call.types[index] ?? call.type)
}

function keyOf(call: AggregateCall): Key {
  const [, type] = call.types
  if (type?.kind === 'RANGE') throw notSupported(`${call.name.toUpperCase()} by RANGE`)
  return { key: call.arg(1), type }
}

function having(call: AggregateCall, over: string): string {
  if (!call.having) throw new Error('no HAVING')
  const { isMax, value, type } = call.having
  return atExtreme(isMax ? 'arg_max_null' : 'arg_min_null', call.arg(0), { key: value, type }, over)
}

type Key = { key: string; type: SqlType | undefined }

/** The extreme of keys with NaN among them is NaN, which no key equals: there is no value at it. */
function atExtreme(name: string, value: string, { key, type }: Key, over: string): string {
  const found = `${name}(${value}, ${key})${over}`
  if (type?.kind !== 'FLOAT64') return found
  return `(CASE WHEN bool_or(isnan(${key}))${over} THEN NULL ELSE ${found} END)`
}
