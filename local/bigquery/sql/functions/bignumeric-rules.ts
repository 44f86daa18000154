import { roundsHalfToEven } from './rounding-mode.ts'
import type { Call, Rules } from './rule.ts'

/** BIGNUMERIC; what DuckDB's integers have not is done in JavaScript. */
export const bignumericRules: Rules = {
  '$add(BIGNUMERIC)': 'js_bignumeric_add({0}, {1})',
  '$subtract(BIGNUMERIC)': 'js_bignumeric_subtract({0}, {1})',
  '$multiply(BIGNUMERIC)': 'js_bignumeric_multiply({0}, {1})',
  '$divide(BIGNUMERIC)': 'js_bignumeric_divide({0}, {1})',
  '$unary_minus(BIGNUMERIC)': 'js_bignumeric_negate({0})',
  'div(BIGNUMERIC)': 'js_bignumeric_div({0}, {1})',
  'mod(BIGNUMERIC)': 'js_bignumeric_mod({0}, {1})',
  'safe_add(BIGNUMERIC)': 'TRY(js_bignumeric_add({0}, {1}))',
  'safe_subtract(BIGNUMERIC)': 'TRY(js_bignumeric_subtract({0}, {1}))',
  'safe_multiply(BIGNUMERIC)': 'TRY(js_bignumeric_multiply({0}, {1}))',
  'safe_divide(BIGNUMERIC)': 'TRY(js_bignumeric_divide({0}, {1}))',
  'safe_negate(BIGNUMERIC)': 'TRY(js_bignumeric_negate({0}))',
  'abs(BIGNUMERIC)': 'js_bignumeric_abs({0})',
  'sign(BIGNUMERIC)': 'js_bignumeric_sign({0})',
  'round(BIGNUMERIC)': (call) => rounded(call, 'js_bignumeric_round'),
  'trunc(BIGNUMERIC)': (call) => rounded(call, 'js_bignumeric_trunc'),
  'ceil(BIGNUMERIC)': 'js_bignumeric_ceil({0})',
  'floor(BIGNUMERIC)': 'js_bignumeric_floor({0})',
  'sqrt(BIGNUMERIC)': 'js_bignumeric_sqrt({0})',
  'pow(BIGNUMERIC)': 'js_bignumeric_pow({0}, {1})',
  parse_bignumeric: 'js_parse_bignumeric({0})',
}

function rounded(call: Call, name: string): string {
  if (roundsHalfToEven(call)) return `js_bignumeric_round_even(${call.arg(0)}, ${call.arg(1)})`
  return `${name}(${call.arg(0)}, ${call.optional(1) ?? '0'})`
}
