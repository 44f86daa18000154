import { decimalText, scaledDecimal } from '../../database/decimal.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

const int64 = { least: -(2n ** 63n), greatest: 2n ** 63n - 1n }

/** Numbers from texts and to texts, rounded as BigQuery rounds them. */
export const numberFunctions: Record<string, ScalarFunction> = {
  js_round: define(['float64', 'int64'], 'float64', (value, digits) =>
    round(value, Number(digits)),
  ),
  js_trunc: define(['float64', 'int64'], 'float64', (value, digits) =>
    trunc(value, Number(digits)),
  ),
  js_float_text: define(['float64'], 'text', floatText),
  js_float_decimal: define(['float64'], 'text', (value) => {
    if (!Number.isFinite(value))
      throw new Error(
        `Illegal conversion of non-finite floating point number to numeric: ${floatText(value)}`,
      )
    // The double nearest to 1e29 is less than it, and fits.
    if (Math.abs(value) > 1e29) throw new Error(`numeric out of range: ${floatText(value)}`)
    return Math.abs(value) < 1e21 ? value.toFixed(9) : String(BigInt(value))
  }),
  js_int64: define(['text'], 'int64', parseInt64),
  js_float64: define(['text'], 'float64', parseFloat64),
  js_numeric: define(['text'], 'text', (text) => parseNumeric(trimmed(text))),
  js_parse_numeric: define(['text'], 'text', (text) => {
    const number = parseNumeric(plainNumber(text) ?? '')
    if (number !== null) return number
    throw new Error(`Invalid input to PARSE_NUMERIC: ${JSON.stringify(text)}`)
  }),
  js_bool: define(['text'], 'bool', (text) => {
    const word = text.toLowerCase()
    return word === 'true' ? true : word === 'false' ? false : null
  }),
}

/** The number in a JSON string as LAX_INT64 reads it. */
export function laxInt64(text: string): bigint | null {
  if (/^[\s+-]*0x/i.test(text)) return null
  const integer = parseInt64(text)
  return integer ?? roundedInt64(parseFloat64(text) ?? NaN)
}

export function roundedInt64(value: number): bigint | null {
  if (!(value >= -(2 ** 63) && value < 2 ** 63)) return null
  return BigInt(Math.sign(value) * Math.round(Math.abs(value)))
}

/** Half away from zero, of the FLOAT64's exact value. */
function round(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 100) return value
  if (digits >= 0 && Math.abs(value) < 1e21) return Number(value.toFixed(digits))
  if (digits >= 0) return value
  if (digits < -308) return 0 * value
  const unit = 10 ** -digits
  const rounded = Math.sign(value) * Math.floor(Math.abs(value) / unit + 0.5) * unit
  return Object.is(value, -0) ? -0 : rounded
}

function trunc(value: number, digits: number): number {
  if (!Number.isFinite(value) || digits > 99 || value === 0) return value
  if (digits < 0) {
    if (digits < -308) return 0
    const unit = 10n ** BigInt(-digits)
    const rest = Number((BigInt(Math.trunc(value)) / unit) * unit)
    return rest === 0 && value < 0 ? -0 : rest
  }
  if (Math.abs(value) >= 1e21) return value
  // 8.7 lies below 8.7: its binary value is cut, not its shortest text.
  const text = value.toFixed(100)
  return Number(text.slice(0, text.indexOf('.') + 1 + digits))
}

/** The shortest of 15 and 17 digits that means the same number, as printf's %g writes it. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf'
  if (value === 0) return '0'
  const precision = Number(value.toPrecision(15)) === value ? 15 : 17
  const [mantissa = '', power = '0'] = exponentialText(value, precision).split('e')
  const exponent = Number(power)
  if (exponent >= -4 && exponent < precision) return plainText(mantissa, exponent)
  const sign = exponent < 0 ? '-' : '+'
  return `${mantissa.replace(/\.?0+$/, '')}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
}

/** Like toExponential, but what lies exactly between two texts goes to the even one. */
function exponentialText(value: number, precision: number): string {
  const nearest = value.toExponential(precision - 1)
  if (precision < 17) return nearest
  const [mantissa = '', power] = value.toExponential(99).split('e')
  const end = mantissa.indexOf('.') + precision
  const [kept, rest] = [mantissa.slice(0, end), mantissa.slice(end)]
  return /^50*$/.test(rest) && /[02468]$/.test(kept) ? `${kept}e${power}` : nearest
}

function plainText(mantissa: string, exponent: number): string {
  const [sign, digits] = [mantissa.startsWith('-') ? '-' : '', mantissa.replace(/[-.]/g, '')]
  const padded = exponent < 0 ? '0'.repeat(-exponent) + digits : digits
  const point = Math.max(exponent, 0) + 1
  return `${sign}${padded.slice(0, point)}.${padded.slice(point)}`.replace(/\.?0*$/, '')
}

function parseInt64(text: string): bigint | null {
  const match = /^([+-]?)(\d+|0[xX][0-9a-fA-F]+)$/.exec(trimmed(text))
  if (!match) return null
  const magnitude = BigInt(match[2] ?? '')
  const value = match[1] === '-' ? -magnitude : magnitude
  return value < int64.least || value > int64.greatest ? null : value
}

function parseFloat64(text: string): number | null {
  const word = trimmed(text)
  const special = /^([+-]?)(inf|infinity|nan)$/i.exec(word)
  if (special) {
    const value = special[2]?.toLowerCase() === 'nan' ? NaN : Infinity
    return special[1] === '-' ? -value : value
  }
  if (/^[+-]?0[xX][0-9a-fA-F]+$/.test(word)) {
    return Number(word.replace(/^[+-]/, '')) * (word.startsWith('-') ? -1 : 1)
  }
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(word)) return null
  return Number(word)
}

/** The number rounded to nine decimals, half away from zero. */
function parseNumeric(text: string): string | null {
  const unscaled = scaledDecimal(text, 9)
  if (unscaled === null || unscaled >= 10n ** 38n || -unscaled >= 10n ** 38n) return null
  return decimalText(unscaled, 9)
}

const looseNumber = /^([+-]?)[ \t\n\v\f\r]*([\d,]*)(\.\d*)?([eE][+-]?\d+)?[ \t\n\v\f\r]*([+-]?)$/

/** A number as PARSE_NUMERIC takes it, with its sign before or after it and commas among its digits. */
export function plainNumber(text: string): string | null {
  const [, before = '', whole = '', fraction = '', exponent = '', after = ''] =
    looseNumber.exec(trimmed(text)) ?? []
  if (before !== '' && after !== '') return null
  return before + after + whole.replaceAll(',', '') + fraction + exponent
}

/** Without the white space of ASCII around it, which casts do not mind. */
export function trimmed(text: string): string {
  return text.replaceAll(/^[ \t\n\v\f\r]+|[ \t\n\v\f\r]+$/g, '')
}
