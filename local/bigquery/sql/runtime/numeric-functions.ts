import { divideRounded, divideToEven } from '../../database/decimal.ts'
import { roundedRoot } from './bignumeric-power.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

const scale = 10n ** 9n
const greatest = 10n ** 38n - 1n

/** NUMERIC arithmetic whose way to the result has more digits than any number of DuckDB's. */
export const numericFunctions: Record<string, ScalarFunction> = {
  js_numeric_multiply: define(['text', 'text'], 'text', (a, b) =>
    inRange(divideRounded(unscaled(a) * unscaled(b), scale), `${shown(a)} * ${shown(b)}`),
  ),
  js_numeric_divide: define(['text', 'text'], 'text', (a, b) =>
    inRange(divideRounded(unscaled(a) * scale, unscaled(b)), `${shown(a)} / ${shown(b)}`),
  ),
  js_numeric_div: define(['text', 'text'], 'text', (a, b) =>
    inRange((unscaled(a) / unscaled(b)) * scale, `DIV(${shown(a)}, ${shown(b)})`),
  ),
  js_numeric_sqrt: define(['text'], 'text', (value) => {
    const square = unscaled(value)
    if (square >= 0n) return decimal(roundedRoot(square * scale))
    throw new Error(`SQRT is undefined for negative value: SQRT(${shown(value)})`)
  }),
  js_numeric_round_even: define(['text', 'int64'], 'text', (value, digits) => {
    const unit = 10n ** (9n - (digits > 9n ? 9n : digits < -30n ? -30n : digits))
    const rounded = divideToEven(unscaled(value), unit) * unit
    return inRange(rounded, `ROUND(${shown(value)}, ${digits})`)
  }),
  js_numeric_round: define(['text', 'int64'], 'text', (value, digits) => {
    const unit = 10n ** (9n - digits)
    const rounded = divideRounded(unscaled(value), unit) * unit
    return inRange(rounded, `ROUND(${shown(value)}, ${digits})`)
  }),
}

/** What DuckDB shows of a DECIMAL(38,9) without its point, as GoogleSQL shows the number. */
export function numericOfUnscaled(digits: string): string {
  return shown(decimal(BigInt(digits)))
}

function unscaled(text: string): bigint {
  const [whole = '', fraction = ''] = text.split('.')
  return BigInt(whole + fraction.padEnd(9, '0'))
}

function decimal(value: bigint): string {
  const digits = String(value < 0n ? -value : value).padStart(10, '0')
  return `${value < 0n ? '-' : ''}${digits.slice(0, -9)}.${digits.slice(-9)}`
}

function shown(text: string): string {
  return text.replace(/\.?0+$/, '')
}

function inRange(value: bigint, what: string): string {
  if (value > greatest || value < -greatest) throw new Error(`numeric overflow: ${what}`)
  return decimal(value)
}
