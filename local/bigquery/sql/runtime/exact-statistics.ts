import { scaledDecimal } from '../../database/decimal.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

const scale = 38

/** Statistics of decimal numbers, by exact sums: the numbers, or pairs of them, come as one text. */
export const exactStatistics: Record<string, ScalarFunction> = {
  js_exact_variance: define(['text', 'bool'], 'float64', (text, isSample) => {
    const values = text.split(' ').map(unscaled)
    return divided(spread(values, values), values.length, isSample)
  }),
  js_exact_covariance: define(['text', 'bool'], 'float64', (text, isSample) => {
    const [left, right] = pairs(text)
    return divided(spread(left, right), left.length, isSample)
  }),
  js_exact_correlation: define(['text'], 'float64', (text) => {
    const [left, right] = pairs(text)
    if (left.length < 2) return null
    const [x, y] = [spread(left, left), spread(right, right)]
    if (x === 0n || y === 0n) return NaN
    return ratio(spread(left, right), 1n) / Math.sqrt(ratio(x, 1n)) / Math.sqrt(ratio(y, 1n))
  }),
}

function pairs(text: string): [bigint[], bigint[]] {
  const values = text.split(' ').map(unscaled)
  return [values.filter((_, i) => i % 2 === 0), values.filter((_, i) => i % 2 === 1)]
}

function unscaled(text: string): bigint {
  return scaledDecimal(text, scale) ?? 0n
}

/** The sum of the products of the distances from the means, times the count and the scale twice. */
function spread(left: bigint[], right: bigint[]): bigint {
  let [products, x, y] = [0n, 0n, 0n]
  for (const [index, value] of left.entries()) {
    const other = right[index] ?? 0n
    products += value * other
    x += value
    y += other
  }
  return BigInt(left.length) * products - x * y
}

function divided(sum: bigint, count: number, isSample: boolean): number | null {
  if (isSample && count < 2) return null
  return ratio(sum, BigInt(count) * BigInt(isSample ? count - 1 : count))
}

/** The nearest FLOAT64 of the quotient without its scale; thirty more digits than it has are kept. */
function ratio(sum: bigint, divisor: bigint): number {
  const digits = (sum * 10n ** 30n) / divisor
  return Number(`${digits}e-${2 * scale + 30}`)
}
