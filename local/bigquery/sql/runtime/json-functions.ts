import { canonicalJson } from './canonical-json.ts'
import { floatText, laxInt64, roundedInt64 } from './number-functions.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'
import { textJsonAt } from './text-json.ts'

/** JSON read from its text, so that a number keeps its digits and a key its place. */
export const jsonFunctions: Record<string, ScalarFunction> = {
  js_canonical_json: define(['text'], 'text', canonicalJson),
  js_json_text: define(['text'], 'text', printedJson),
  js_json_scalar: define(['text'], 'text', scalarText),
  js_json_lax_int64: define(['text'], 'int64', (text) => {
    if (text === 'true' || text === 'false') return text === 'true' ? 1n : 0n
    if (text.startsWith('"')) return laxInt64(JSON.parse(text) as string)
    return /^[-\d]/.test(text) ? roundedInt64(Number(text)) : null
  }),
  js_json_quote: define(['text'], 'text', quoted),
  // A JSON value that was a FLOAT64 stays one: 1.0 is not 1.
  js_float_value: define(['float64'], 'text', (value) => {
    if (!Number.isFinite(value)) return quotedFloat(value)
    const text = String(value)
    return /^-?\d+$/.test(text) ? `${text}.0` : text
  }),
  js_float_json: define(['float64'], 'text', (value) => {
    return Number.isFinite(value) ? floatText(value) : quotedFloat(value)
  }),
  js_text_json: define(['text', 'text'], 'text', (text, path) => {
    const value = textJsonAt(text, path)
    return value === 'null' ? null : (value ?? null)
  }),
  js_text_json_scalar: define(['text', 'text'], 'text', (text, path) => {
    const value = textJsonAt(text, path) ?? 'null'
    if (value.startsWith('"')) return JSON.parse(value) as string
    return value === 'null' || value.startsWith('{') || value.startsWith('[') ? null : value
  }),
  js_numeric_json: define(['text'], 'text', (text) =>
    isJsonInteger(text) ? text : Number(text).toExponential(),
  ),
}

/** The text of a JSON value as JSON_VALUE gives it. */
function scalarText(json: string): string | null {
  if (json.startsWith('"')) return JSON.parse(json) as string
  return json === 'null' || json.startsWith('{') || json.startsWith('[') ? null : printedJson(json)
}

const numberOutsideOfText = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:e-?\d+)?/g

/** Canonical JSON as TO_JSON_STRING writes it: large and small numbers with C's exponents. */
function printedJson(json: string): string {
  const text = withSmallEscapes(json)
  if (!/\de|\d{16}\.0|\d{15,}\.\d/.test(text)) return text
  return text.replaceAll(numberOutsideOfText, (token) => {
    if (token.startsWith('"') || /^-?\d+$/.test(token)) return token
    const value = Number(token)
    const [mantissa, power] = value.toExponential().split('e')
    const exponent = Number(power)
    if (exponent >= -4 && exponent < 15) return token
    const sign = exponent < 0 ? '-' : '+'
    return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`
  })
}

/** DuckDB writes the escapes of what it takes out of JSON in capitals. */
export function withSmallEscapes(json: string): string {
  if (!json.includes('\\u00')) return json
  return json.replaceAll(/\\(?:u(00[01][A-F])|.)/g, (escape, code: string | undefined) =>
    code === undefined ? escape : `\\u${code.toLowerCase()}`,
  )
}

function isJsonInteger(text: string): boolean {
  if (!/^-?\d+$/.test(text)) return false
  return BigInt(text) >= -(2n ** 63n) && BigInt(text) < 2n ** 64n
}

function quotedFloat(value: number): string {
  if (Number.isNaN(value)) return '"NaN"'
  return value > 0 ? '"Infinity"' : '"-Infinity"'
}

/** A JSON string as GoogleSQL escapes it. */
function quoted(text: string): string {
  return JSON.stringify(text).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}
