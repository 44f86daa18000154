/** A BIGNUMERIC is kept as an integer, the value times ten to this power. */
export const bignumericScale = 38

/** The least and the greatest BIGNUMERIC, as they are kept. */
export const bignumericLimits = { least: -(2n ** 255n), greatest: 2n ** 255n - 1n }

/** The BIGNUMERIC in a text as it is kept; null where there is none in it or one that is out of range. */
export function parseBignumeric(text: string): bigint | null {
  const unscaled = scaledDecimal(text, bignumericScale)
  return unscaled !== null && isBignumeric(unscaled) ? unscaled : null
}

export function isBignumeric(unscaled: bigint): boolean {
  return unscaled >= bignumericLimits.least && unscaled <= bignumericLimits.greatest
}

export function bignumericText(unscaled: bigint): string {
  return decimalText(unscaled, bignumericScale)
}

const decimalForm = /^([+-]?)(\d*)\.?(\d*)(?:[eE]([+-]?\d+))?$/

/**
 * The number in a text times ten to the power of `scale`, rounded half away from zero; null where the
 * text is no number, or one of more than a thousand digits.
 */
export function scaledDecimal(text: string, scale: number): bigint | null {
  const [, sign, whole = '', fraction = '', exponent = '0'] = decimalForm.exec(text) ?? []
  if (sign === undefined || whole + fraction === '') return null
  const digits = BigInt(whole + fraction)
  const power = Number(exponent) + scale - fraction.length
  if (digits === 0n || power < -whole.length - fraction.length) return 0n
  if (power > 1000) return null
  const magnitude =
    power >= 0 ? digits * 10n ** BigInt(power) : divideRounded(digits, 10n ** BigInt(-power))
  return sign === '-' ? -magnitude : magnitude
}

/** The quotient, rounded half away from zero. */
export function divideRounded(value: bigint, divisor: bigint): bigint {
  const isNegative = value < 0n !== divisor < 0n
  const [a, b] = [value < 0n ? -value : value, divisor < 0n ? -divisor : divisor]
  const magnitude = (2n * a + b) / (2n * b)
  return isNegative ? -magnitude : magnitude
}

/** The quotient, rounded to the even one of two that are equally near. */
export function divideToEven(value: bigint, divisor: bigint): bigint {
  const rounded = divideRounded(value, divisor)
  const isHalf = 2n * (value % divisor) === divisor || 2n * (value % divisor) === -divisor
  return isHalf && rounded % 2n !== 0n ? value / divisor : rounded
}

/** A number from its digits as BigQuery writes it: without zeros that say nothing. */
export function decimalText(unscaled: bigint, scale: number): string {
  const sign = unscaled < 0n ? '-' : ''
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const fraction = digits.slice(digits.length - scale).replace(/0+$/, '')
  return fraction === '' ? `${sign}${whole}` : `${sign}${whole}.${fraction}`
}
