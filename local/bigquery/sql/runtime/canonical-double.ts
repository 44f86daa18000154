import { JsonTextError } from './json-text-error.ts'

/**
 * The shortest text that means the same FLOAT64, always with a point or an exponent; a number whose
 * digits no FLOAT64 holds is refused, as BigQuery refuses it.
 */
export function canonicalDouble(literal: string): string {
  const value = Number(literal)
  if (!Number.isFinite(value) || !holdsExactly(value, literal)) {
    throw new JsonTextError(
      `Input number: ${literal} cannot round-trip through string representation`,
    )
  }
  if (Object.is(value, -0)) return '-0.0'
  const [mantissa = '', exponent] = value.toExponential().split('e')
  const power = Number(exponent)
  if (power >= -4 && power < 17) {
    const decimal = decimalText(value)
    return decimal.includes('.') ? decimal : `${decimal}.0`
  }
  return `${mantissa}e${power}`
}

function decimalText(value: number): string {
  const text = String(value)
  return text.includes('e') ? value.toFixed(12).replace(/0+$/, '') : text
}

/** Written with as many digits as the literal has, the FLOAT64 must be the literal's number again. */
function holdsExactly(value: number, literal: string): boolean {
  const digits = significantDigits(literal)
  if (digits.length <= 15) return true
  if (significantDigits(String(value)) === digits) return true
  const length = Math.min(Math.max(digits.length, 1), 100)
  return significantDigits(value.toPrecision(length)) === digits
}

function significantDigits(literal: string): string {
  const [mantissa = ''] = literal.split(/[eE]/)
  return mantissa.replace(/[-.]/g, '').replace(/^0+/, '').replace(/0+$/, '')
}
