import { divideRounded, scaledDecimal } from '../../database/decimal.ts'

/** What stands between `%` and the end of a directive: flags, width, precision, letter. */
export type Directive = {
  flags: string
  width: number
  precision: number | undefined
  letter: string
}

const form = /^%([-+0 #']*)(-?\d+)?(?:\.(-?\d+))?([a-zA-Z])$/

/** A width below zero puts the text to the left, a precision below zero is none. */
export function readDirective(text: string): Directive {
  const [, flags = '', width = '0', precision = '-1', letter = ''] = form.exec(text) ?? []
  const isLeft = width.startsWith('-')
  return {
    flags: isLeft ? `-${flags}` : flags,
    width: Math.abs(Number(width)),
    precision: Number(precision) < 0 ? undefined : Number(precision),
    letter,
  }
}

/** A text cut to its precision and filled to its width, both in characters. */
export function formatText(text: string, { flags, width, precision }: Directive): string {
  const characters = [...text]
  const kept = precision === undefined ? text : characters.slice(0, precision).join('')
  const missing = ' '.repeat(Math.max(0, width - [...kept].length))
  return flags.includes('-') ? kept + missing : missing + kept
}

export function formatInteger(value: bigint, directive: Directive): string {
  const { flags, precision, letter } = directive
  const base = { x: 16, o: 8 }[letter.toLowerCase()] ?? 10
  const magnitude = (value < 0n ? -value : value).toString(base)
  const digits = magnitude.padStart(precision ?? 0, '0')
  const hasPrefix = flags.includes('#')
  const prefix = hasPrefix && base === 16 ? '0x' : hasPrefix && base === 8 ? '0' : ''
  const grouped = flags.includes("'") ? groupsOf(digits, base === 10 ? ',3' : ',4') : digits
  const isFilled = precision === undefined
  const text = filled({ isNegative: value < 0n, prefix, digits: grouped, isFilled }, directive)
  return letter === 'X' ? text.toUpperCase() : text
}

/** As printf does: of two texts that are equally near, the even one. */
export function formatFloat(value: number, directive: Directive): string {
  const isNegative = value < 0
  if (!Number.isFinite(value)) {
    const digits = Number.isNaN(value) ? 'nan' : 'inf'
    const text = filled({ isNegative, prefix: '', digits, isFilled: false }, directive)
    return isUpper(directive) ? text.toUpperCase() : text
  }
  return formatDigits(exactDigits(Math.abs(value)), { isNegative, isEven: true }, directive)
}

/** A decimal number by its text; what lies exactly between two texts goes away from zero. */
export function formatDecimal(text: string, directive: Directive): string {
  const isNegative = text.startsWith('-')
  const digits = scaledDecimal(text.replace('-', ''), 38) ?? 0n
  return formatDigits({ digits, scale: 38 }, { isNegative, isEven: false }, directive)
}

type Decimal = { digits: bigint; scale: number }

/** A FLOAT64 as the decimal number that it is. */
function exactDigits(value: number): Decimal {
  let [mantissa, scale] = [value, 0]
  while (!Number.isInteger(mantissa)) {
    mantissa *= 2
    scale += 1
  }
  return { digits: BigInt(mantissa) * 5n ** BigInt(scale), scale }
}

type Rounding = { isNegative: boolean; isEven: boolean }

function formatDigits(value: Decimal, rounding: Rounding, directive: Directive): string {
  const { flags, precision = 6, letter } = directive
  const kind = letter.toLowerCase()
  let digits: string
  if (kind === 'f') digits = fixed(value, precision, rounding)
  else if (kind === 'e') digits = exponential(value, precision, rounding)
  else digits = shortest(value, Math.max(precision, 1), rounding, flags.includes('#'))
  if (flags.includes('#') && !digits.includes('.')) digits = digits.replace(/^\d+/, '$&.')
  if (flags.includes("'") && kind !== 'e') {
    digits = digits.replace(/^\d+(?!\d*e)/, (whole) => groupsOf(whole, ',3'))
  }
  const { isNegative } = rounding
  const text = filled({ isNegative, prefix: '', digits, isFilled: true }, directive)
  return isUpper(directive) ? text.toUpperCase() : text
}

function rounded({ digits, scale }: Decimal, places: number, { isEven }: Rounding): bigint {
  if (places >= scale) return digits * 10n ** BigInt(places - scale)
  const unit = 10n ** BigInt(scale - places)
  const up = divideRounded(digits, unit)
  return isEven && 2n * (digits % unit) === unit && up % 2n !== 0n ? up - 1n : up
}

function fixed(value: Decimal, places: number, rounding: Rounding): string {
  const text = String(rounded(value, places, rounding)).padStart(places + 1, '0')
  return places === 0 ? text : `${text.slice(0, -places)}.${text.slice(-places)}`
}

/** The digits of a number and the power of ten of the first one. */
function scientific(value: Decimal, count: number, rounding: Rounding): [string, number] {
  if (value.digits === 0n) return ['0'.repeat(count), 0]
  let exponent = String(value.digits).length - 1 - value.scale
  const digits = String(shiftRounded(value, count - 1 - exponent, rounding))
  if (digits.length > count) exponent += 1
  return [digits.slice(0, count), exponent]
}

function shiftRounded(value: Decimal, places: number, rounding: Rounding): bigint {
  if (places >= 0) return rounded(value, places, rounding)
  const digits = { digits: value.digits, scale: value.scale - places }
  return rounded(digits, 0, rounding)
}

function exponential(value: Decimal, places: number, rounding: Rounding): string {
  const [digits, exponent] = scientific(value, places + 1, rounding)
  return withExponent(digits, exponent)
}

function withExponent(digits: string, exponent: number): string {
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`
  const sign = exponent < 0 ? '-' : '+'
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

function shortest(value: Decimal, count: number, rounding: Rounding, keepsZeros: boolean): string {
  const [digits, exponent] = scientific(value, count, rounding)
  if (exponent >= -4 && exponent < count) {
    const text = fixed(value, count - 1 - exponent, rounding)
    return keepsZeros || !text.includes('.') ? text : text.replace(/\.?0+$/, '')
  }
  return withExponent(keepsZeros ? digits : digits.replace(/(?<=.)0+$/, ''), exponent)
}

type SignedDigits = { isNegative: boolean; prefix: string; digits: string; isFilled: boolean }

/** With its sign, and filled to its width by spaces, or by zeros behind the sign. */
function filled(
  { isNegative, prefix, digits, isFilled }: SignedDigits,
  directive: Directive,
): string {
  const { flags, width } = directive
  const plus = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : ''
  const sign = (isNegative && digits !== 'nan' ? '-' : plus) + prefix
  if (flags.includes('-')) return (sign + digits).padEnd(width)
  if (!flags.includes('0') || !isFilled) return (sign + digits).padStart(width)
  return sign + digits.padStart(width - sign.length, '0')
}

function groupsOf(digits: string, [separator = '', size = '']: string): string {
  return digits.replaceAll(new RegExp(`\\B(?=(?:\\w{${size}})+$)`, 'g'), separator)
}

function isUpper({ letter }: Directive): boolean {
  return letter === letter.toUpperCase()
}
