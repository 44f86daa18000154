import {
  bignumericLimits,
  bignumericScale,
  bignumericText as textOf,
  decimalText,
  divideRounded,
  divideToEven,
  isBignumeric,
  parseBignumeric,
} from '../../database/decimal.ts'
import { power, roundedRoot } from './bignumeric-power.ts'
import { floatText, plainNumber, trimmed } from './number-functions.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

const one = 10n ** BigInt(bignumericScale)

/** BIGNUMERIC comes and goes as the integer that it is kept as; DuckDB itself compares and adds those. */
export const bignumericFunctions: Record<string, ScalarFunction> = {
  js_bignumeric: define(['text'], 'bignumeric', (text) => parseBignumeric(trimmed(text))),
  js_parse_bignumeric: define(['text'], 'bignumeric', (text) => {
    const number = parseBignumeric(plainNumber(text) ?? '')
    if (number !== null) return number
    throw new Error(`Invalid input to PARSE_BIGNUMERIC: ${JSON.stringify(text)}`)
  }),
  js_bignumeric_text: define(['bignumeric'], 'text', textOf),
  js_bignumeric_json: define(['bignumeric'], 'text', (value) => {
    const text = textOf(value)
    const isSafe = value % one === 0n && value <= one << 53n && value >= -(one << 53n)
    return isSafe ? text : `"${text}"`
  }),
  js_bignumeric_of_float64: define(['float64'], 'bignumeric', ofFloat64),
  js_bignumeric_float64: define(['bignumeric'], 'float64', (value) => Number(textOf(value))),
  js_bignumeric_int64: define(['bignumeric'], 'int64', (value) => {
    const rounded = divideRounded(value, one)
    if (BigInt.asIntN(64, rounded) === rounded) return rounded
    throw new Error(`int64 out of range: ${textOf(value)}`)
  }),
  js_bignumeric_numeric: define(['bignumeric'], 'text', (value) => {
    const rounded = divideRounded(value, powerOfTen(bignumericScale - 9))
    if (rounded < powerOfTen(38) && -rounded < powerOfTen(38)) return decimalText(rounded, 9)
    throw new Error(`numeric out of range: ${textOf(value)}`)
  }),

  js_bignumeric_add: define(['bignumeric', 'bignumeric'], 'bignumeric', (a, b) =>
    fitting(a + b, () => `${textOf(a)} + ${textOf(b)}`),
  ),
  js_bignumeric_subtract: define(['bignumeric', 'bignumeric'], 'bignumeric', (a, b) =>
    fitting(a - b, () => `${textOf(a)} - ${textOf(b)}`),
  ),
  js_bignumeric_multiply: define(['bignumeric', 'bignumeric'], 'bignumeric', (a, b) =>
    fitting(divideRounded(a * b, one), () => `${textOf(a)} * ${textOf(b)}`),
  ),
  js_bignumeric_divide: define(['bignumeric', 'bignumeric'], 'bignumeric', (a, b) => {
    const shown = (): string => `${textOf(a)} / ${textOf(b)}`
    return fitting(divideRounded(a * one, divisor(b, shown)), shown)
  }),
  js_bignumeric_div: define(['bignumeric', 'bignumeric'], 'bignumeric', (a, b) => {
    const shown = (): string => `DIV(${textOf(a)}, ${textOf(b)})`
    return fitting((a / divisor(b, shown)) * one, shown)
  }),
  js_bignumeric_mod: define(['bignumeric', 'bignumeric'], 'bignumeric', (a, b) => {
    return a % divisor(b, () => `MOD(${textOf(a)}, ${textOf(b)})`)
  }),
  js_bignumeric_negate: define(['bignumeric'], 'bignumeric', (value) =>
    fitting(-value, () => `-(${textOf(value)})`),
  ),
  js_bignumeric_abs: define(['bignumeric'], 'bignumeric', (value) => {
    if (value !== bignumericLimits.least) return value < 0n ? -value : value
    throw new Error(`Floating point overflow in function: ABS(${textOf(value)})`)
  }),
  js_bignumeric_sign: define(['bignumeric'], 'bignumeric', (value) =>
    value < 0n ? -one : value > 0n ? one : 0n,
  ),

  js_bignumeric_round_even: define(['bignumeric', 'int64'], 'bignumeric', (value, digits) => {
    const unit = unitOf(digits)
    return fitting(divideToEven(value, unit) * unit, () => `ROUND(${textOf(value)}, ${digits})`)
  }),
  js_bignumeric_round: define(['bignumeric', 'int64'], 'bignumeric', (value, digits) => {
    const unit = unitOf(digits)
    return fitting(divideRounded(value, unit) * unit, () => `ROUND(${textOf(value)}, ${digits})`)
  }),
  js_bignumeric_trunc: define(['bignumeric', 'int64'], 'bignumeric', (value, digits) => {
    return value - (value % unitOf(digits))
  }),
  js_bignumeric_ceil: define(['bignumeric'], 'bignumeric', (value) =>
    fitting(-floored(-value), () => `CEIL(${textOf(value)})`),
  ),
  js_bignumeric_floor: define(['bignumeric'], 'bignumeric', (value) =>
    fitting(floored(value), () => `FLOOR(${textOf(value)})`),
  ),
  js_bignumeric_sqrt: define(['bignumeric'], 'bignumeric', (value) => {
    if (value >= 0n) return roundedRoot(value * one)
    throw new Error(`SQRT is undefined for negative value: SQRT(${textOf(value)})`)
  }),
  js_bignumeric_pow: define(['bignumeric', 'bignumeric'], 'bignumeric', power),
  /** What BIGNUMERIC(p, s) holds of a value, or these words as an error. */
  js_bignumeric_sized: define(
    ['bignumeric', 'int64', 'int64', 'text'],
    'bignumeric',
    (value, precision, scale, words) => {
      const unit = unitOf(scale)
      const rounded = divideRounded(value, unit)
      const limit = powerOfTen(Number(precision))
      if (rounded < limit && -rounded < limit) return rounded * unit
      throw new Error(words)
    },
  ),

  js_bignumeric_sum: define(['bignumeric'], 'bignumeric', (sum) => fitting(sum, () => 'SUM')),
  js_bignumeric_average: define(['bignumeric', 'int64'], 'bignumeric', divideRounded),
}

function fitting(value: bigint, shown: () => string): bigint {
  if (isBignumeric(value)) return value
  throw new Error(`BIGNUMERIC overflow: ${shown()}`)
}

function divisor(value: bigint, shown: () => string): bigint {
  if (value !== 0n) return value
  throw new Error(`division by zero: ${shown()}`)
}

function floored(value: bigint): bigint {
  const whole = value - (value % one)
  return whole > value ? whole - one : whole
}

/** What stands for one at so many decimals; from the fortieth power of ten on every value rounds to zero. */
function unitOf(digits: bigint): bigint {
  return digits >= bignumericScale
    ? 1n
    : powerOfTen(bignumericScale - Math.max(Number(digits), -40))
}

function powerOfTen(exponent: number): bigint {
  return 10n ** BigInt(exponent)
}

/** The FLOAT64's exact value, rounded to 38 decimals. */
function ofFloat64(value: number): bigint {
  if (!Number.isFinite(value)) {
    throw new Error(
      `Illegal conversion of non-finite floating point number to BIGNUMERIC: ${floatText(value)}`,
    )
  }
  // Halving and doubling is exact as long as no digit is lost below the least FLOAT64.
  let [whole, halvings] = [value, 0n]
  while (!Number.isInteger(whole)) [whole, halvings] = [whole * 2, halvings + 1n]
  const unscaled = divideRounded(BigInt(whole) * one, 2n ** halvings)
  if (isBignumeric(unscaled)) return unscaled
  throw new Error(`BIGNUMERIC out of range: ${floatText(value)}`)
}
