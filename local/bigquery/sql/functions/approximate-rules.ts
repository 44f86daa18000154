import { notSupported } from '../../bigquery-error.ts'
import { typeName } from '../analyzer/sql-type.ts'
import { type AggregateCall, type CollectedAggregate, sized } from './aggregate-call.ts'

/** Aggregates that BigQuery may answer approximately: here exactly, which is one of its answers. */
export const approximateRules = {
  approx_count_distinct: (call: AggregateCall, over: string): string =>
    `count(DISTINCT ${call.arg(0)})${over}`,
  approx_quantiles: (call: AggregateCall, over: string): string => {
    refuse(call, over, ['INTERVAL', 'RANGE'])
    const values = `array_agg(${call.isDistinct ? 'DISTINCT ' : ''}${call.arg(0)})`
    const kept = call.nulls === 'RESPECT' ? values : `bq.not_null(${values})`
    const sorted = `list_sort(${kept}, 'ASC', 'NULLS FIRST')`
    const isFloat = call.types[0]?.kind === 'FLOAT64'
    return `bq.quantiles(${isFloat ? `bq.nan_first(${sorted})` : sorted}, ${call.arg(1)})`
  },
  approx_top_count: (call: AggregateCall, over: string): CollectedAggregate => {
    refuse(call, over, ['INTERVAL'])
    return heaviest(call, 'count', '1', call.arg(1))
  },
  approx_top_sum: (call: AggregateCall, over: string): CollectedAggregate => {
    refuse(call, over, ['INTERVAL'])
    const check = call.types[1]?.kind === 'FLOAT64' ? 'bq.float_weight' : 'bq.weight'
    return heaviest(call, 'sum', `${check}(${call.arg(1)})`, call.arg(2))
  },
}

/** The values with the greatest weights; of equal weights the lesser value comes first. */
function heaviest(
  call: AggregateCall,
  name: string,
  weight: string,
  limit: string,
): CollectedAggregate {
  if (call.isDistinct) throw notSupported(`${call.name.toUpperCase()}(DISTINCT …)`)
  const isFloat = name === 'sum' && call.types[1]?.kind === 'FLOAT64'
  const rows = `array_agg(struct_pack(v := ${call.arg(0)}, w := ${weight}))`
  const counted = `bq.at_least_one(${limit}, '${call.name.toUpperCase()}')`
  return {
    rows,
    result: (collected) => {
      const sum = isFloat ? 'bq.finite_sum(sum(r.w), bool_or(isinf(r.w)))' : 'sum(r.w)'
      const weights = `SELECT r.v AS v, ${sum} AS w FROM (SELECT unnest(${collected}) AS r) GROUP BY 1`
      const list = `array_agg(struct_pack("value" := v, "${name}" := w) ORDER BY w DESC NULLS LAST, v NULLS FIRST)`
      return sized(call, `(SELECT (${list})[1:${counted}] FROM (${weights}))`)
    },
  }
}

function refuse({ name, types }: AggregateCall, over: string, kinds: string[]): void {
  if (over !== '') throw notSupported(`window function ${name.toUpperCase()}`)
  const [type] = types
  if (type && kinds.includes(type.kind)) {
    throw notSupported(`${name.toUpperCase()} of ${typeName(type)}`)
  }
}
