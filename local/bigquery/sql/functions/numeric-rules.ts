import { roundsHalfToEven } from './rounding-mode.ts'
import type { Rules } from './rule.ts'

/** NUMERIC is DECIMAL(38,9); DuckDB's own results have other scales. */
export const numericRules: Rules = {
  '$add(NUMERIC)': 'CAST({0} + {1} AS DECIMAL(38,9))',
  '$subtract(NUMERIC)': 'CAST({0} - {1} AS DECIMAL(38,9))',
  '$multiply(NUMERIC)': 'bq.numeric_multiply({0}, {1})',
  '$divide(NUMERIC)': 'bq.numeric_divide({0}, {1})',
  '$unary_minus(NUMERIC)': 'CAST(-{0} AS DECIMAL(38,9))',
  'div(NUMERIC)': 'bq.numeric_div({0}, {1})',
  'mod(NUMERIC)': 'bq.numeric_mod({0}, {1})',
  'safe_add(NUMERIC)': 'TRY(CAST({0} + {1} AS DECIMAL(38,9)))',
  'safe_subtract(NUMERIC)': 'TRY(CAST({0} - {1} AS DECIMAL(38,9)))',
  'safe_multiply(NUMERIC)': 'TRY(bq.numeric_multiply({0}, {1}))',
  'safe_divide(NUMERIC)': 'TRY(bq.numeric_divide({0}, {1}))',
  'safe_negate(NUMERIC)': 'CAST(-{0} AS DECIMAL(38,9))',
  'abs(NUMERIC)': 'CAST(abs({0}) AS DECIMAL(38,9))',
  'sign(NUMERIC)': 'CAST(sign({0}) AS DECIMAL(38,9))',
  'round(NUMERIC)': (call) =>
    roundsHalfToEven(call)
      ? `CAST(js_numeric_round_even(CAST(${call.arg(0)} AS VARCHAR), ${call.arg(1)}) AS DECIMAL(38,9))`
      : `bq.numeric_round(${call.arg(0)}, ${call.optional(1) ?? 0})`,
  'trunc(NUMERIC)': 'bq.numeric_trunc({0}, {1|0})',
  'ceil(NUMERIC)': 'bq.numeric_ceil({0})',
  'floor(NUMERIC)': 'bq.numeric_floor({0})',
  'sqrt(NUMERIC)': 'CAST(js_numeric_sqrt(CAST({0} AS VARCHAR)) AS DECIMAL(38,9))',
  parse_numeric: 'bq.parse_numeric({0})',
}
