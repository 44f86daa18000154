import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { literalValue } from '../printer/expressions.ts'
import { castToText } from '../printer/text-casts.ts'
import type { Call } from './rule.ts'
import { shownText } from './shown-text.ts'

const directive = /%([-+0 #']*)(\d+|\*)?(?:\.(\d*|\*))?([a-zA-Z%])|[^%]+|%/g

/** FORMAT with a constant format. A NULL argument makes the result NULL, but for %t and %T. */
export function printFormat(call: Call): string {
  const format = literalText(call.nodes[0])
  if (format === undefined) throw notSupported('FORMAT with a format that is no literal')
  let index = 0
  const next = (): number => (index += 1)
  const pieces = [...format.matchAll(directive)].map((match) => {
    const [text, flags = '', width, precision, letter] = match
    if (letter === undefined) return textLiteral(text)
    if (letter === '%') return `'%'`
    // A width or precision of `*` is an argument of its own, before that which is written.
    const sizes = [width, precision].map((size) => {
      return size === '*' ? `CAST(${call.arg(next())} AS VARCHAR)` : size
    })
    if (flags + (width ?? '') + (precision ?? '') === '' && precision === undefined) {
      return plainPiece(call, next(), letter, text)
    }
    return piece(call, next(), letter, { text, directive: directiveOf(flags, sizes, letter) })
  })
  return `(${pieces.length === 0 ? `''` : pieces.join(' || ')})`
}

function isPlain(size = ''): boolean {
  return /^\d*$/.test(size)
}

/** The directive as a text in SQL. */
function directiveOf(
  flags: string,
  [width, precision]: (string | undefined)[],
  letter: string,
): string {
  const shown = precision === undefined ? '' : `.${precision === '' ? '0' : precision}`
  if (isPlain(width) && isPlain(precision)) {
    return textLiteral(`%${flags}${width ?? ''}${shown}${letter}`)
  }
  const parts = [textLiteral(`%${flags}`)]
  if (width !== undefined) parts.push(isPlain(width) ? textLiteral(width) : width)
  if (precision !== undefined) {
    parts.push(...(isPlain(precision) ? [textLiteral(shown)] : [`'.'`, precision]))
  }
  return `(${[...parts, textLiteral(letter)].join(' || ')})`
}

function plainPiece(call: Call, index: number, letter: string, text: string): string {
  const kind = call.types[index]?.kind
  const isInteger = (letter === 'd' || letter === 'i') && kind === 'INT64'
  if (isInteger) return `CAST(${call.arg(index)} AS VARCHAR)`
  const isText = 'stTpP'.includes(letter)
  if (isText) return textOf(call, index, letter, text)
  return piece(call, index, letter, { text, directive: textLiteral(text) })
}

type Written = { text: string; directive: string }

function piece(call: Call, index: number, letter: string, written: Written): string {
  const { text, directive: shown } = written
  const type = call.types[index]
  const value = call.arg(index)
  if ('dixXo'.includes(letter) && type?.kind === 'INT64') {
    return `js_format_integer(${value}, ${shown})`
  }
  if ('fFeEgG'.includes(letter)) {
    if (type?.kind === 'FLOAT64') return `js_format_float(${value}, ${shown})`
    if (type?.kind === 'NUMERIC' || type?.kind === 'BIGNUMERIC') {
      return `js_format_decimal(${castToText(value, type)}, ${shown})`
    }
  }
  return `js_format_text(${textOf(call, index, letter, text)}, ${shown})`
}

function textOf(call: Call, index: number, letter: string, text: string): string {
  const type = call.types[index]
  const value = call.arg(index)
  if (letter === 's' && type?.kind === 'STRING') return value
  if (letter === 'p' && type?.kind === 'JSON') return `js_json_text(${value})`
  if (letter === 'P' && type?.kind === 'JSON') return `js_pretty_json(js_json_text(${value}))`
  if ((letter === 't' || letter === 'T') && type) {
    return shownText(value, type, letter === 'T', call.scope)
  }
  throw notSupported(`FORMAT('${text}') of ${type?.kind}`)
}

/** The text of a STRING literal; undefined for every other expression. */
export function literalText(node: ResolvedNode | undefined): string | undefined {
  return node?.kind === 'Literal' ? literalValue(node).stringValue : undefined
}
