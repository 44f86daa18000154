import { prettyJson } from './pretty-json.ts'
import { formatDecimal, formatFloat, formatInteger, formatText, readDirective } from './printf.ts'
import { scalarFunction as define, type ScalarFunction } from './scalar-function.ts'

/** The directives of FORMAT, and values as literals. */
export const formatFunctions: Record<string, ScalarFunction> = {
  js_format_text: define(['text', 'text'], 'text', (value, directive) =>
    formatText(value, readDirective(directive)),
  ),
  js_format_integer: define(['int64', 'text'], 'text', (value, directive) =>
    formatInteger(value, readDirective(directive)),
  ),
  js_format_float: define(['float64', 'text'], 'text', (value, directive) =>
    formatFloat(value, readDirective(directive)),
  ),
  js_format_decimal: define(['text', 'text'], 'text', (value, directive) =>
    formatDecimal(value, readDirective(directive)),
  ),
  js_text_literal: define(['text'], 'text', textLiteral),
  js_json_literal: define(['text'], 'text', (json) => `JSON ${textLiteral(json)}`),
  js_escaped_bytes: define(['bytes'], 'text', (bytes) => escapedBytes(bytes, `"'`)),
  js_bytes_literal: define(['bytes'], 'text', (bytes) => {
    const quote = quoteFor(Buffer.from(bytes).toString('latin1'))
    return `b${quote}${escapedBytes(bytes, quote)}${quote}`
  }),
  js_pretty_json: define(['text'], 'text', prettyJson),
}

/** Double quotes, unless only those stand in the text. */
function quoteFor(text: string): string {
  return text.includes('"') && !text.includes("'") ? "'" : '"'
}

const escapes: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

function textLiteral(text: string): string {
  const quote = quoteFor(text)
  let result = quote
  let isAfterHex = false
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    // A digit right behind a hexadecimal escape would be read as part of it.
    const isHex: boolean =
      (escapes[character] === undefined && (code < 32 || code === 127)) ||
      (isAfterHex && /[0-9a-fA-F]/.test(character))
    if (character === quote) result += `\\${quote}`
    else result += isHex ? hexOf(code) : (escapes[character] ?? character)
    isAfterHex = isHex
  }
  return result + quote
}

function escapedBytes(bytes: Uint8Array, quotes: string): string {
  let text = ''
  for (const byte of bytes) {
    const character = String.fromCharCode(byte)
    if (character === '\\' || quotes.includes(character)) text += `\\${character}`
    else text += byte < 32 || byte > 126 ? hexOf(byte) : character
  }
  return text
}

function hexOf(code: number): string {
  return `\\x${code.toString(16).padStart(2, '0')}`
}
