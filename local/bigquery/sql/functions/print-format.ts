import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { literalValue } from '../printer/expressions.ts'
import { castToText } from '../printer/text-casts.ts'
import type { Call } from './rule.ts'

const directive = /%([-+0 #']*)(\d+|\*)?(?:\.(\d+|\*))?([a-zA-Z%])|[^%]+|%/g

/** FORMAT with a constant format. A NULL argument makes the result NULL, but for %t and %T. */
export function printFormat(call: Call): string {
  const format = literalText(call.nodes[0])
  if (format === undefined) throw notSupported('FORMAT with a format that is no literal')
  let index = 0
  const pieces = [...format.matchAll(directive)].map((match) => {
    const [text, flags = '', width, precision, letter] = match
    if (letter === undefined) return textLiteral(text)
    if (letter === '%') return `'%'`
    index += 1
    const described = `FORMAT('${text}') of ${call.types[index]?.kind}`
    if (width !== undefined || flags !== '')
      return padded(call, index, { flags, width, letter, described })
    return piece(call, index, { precision, letter, described })
  })
  return `(${pieces.length === 0 ? `''` : pieces.join(' || ')})`
}

type Directive = { letter: string; described: string; precision?: string | undefined }

function piece(call: Call, index: number, { letter, described, precision }: Directive): string {
  const type = call.types[index]
  const value = call.arg(index)
  if (letter === 's' && type?.kind === 'STRING' && precision === undefined) return value
  if ((letter === 'd' || letter === 'i') && type?.kind === 'INT64')
    return `CAST(${value} AS VARCHAR)`
  if (letter === 'x' && type?.kind === 'INT64') return `js_integer_text(${value}, 16)`
  if (letter === 'o' && type?.kind === 'INT64') return `js_integer_text(${value}, 8)`
  if (letter === 'f' && type?.kind === 'FLOAT64') return `js_fixed(${value}, ${precision ?? 6})`
  if (letter === 'f' && type?.kind === 'BIGNUMERIC')
    return `js_bignumeric_fixed(${value}, ${precision ?? 6})`
  if (letter === 't' && type && precision === undefined) {
    if (['ARRAY', 'STRUCT', 'BYTES', 'JSON'].includes(type.kind)) throw notSupported(described)
    const text = castToText(value, type)
    // A FLOAT64 shows that it is none of the integers.
    const shown =
      type.kind === 'FLOAT64'
        ? `(CASE WHEN CAST(${value} AS VARCHAR) = '-0.0' THEN '-0.0' ELSE regexp_replace(${text}, '^-?[0-9]+$', '\\0.0') END)`
        : text
    return `coalesce(${shown}, 'NULL')`
  }
  throw notSupported(described)
}

function padded(
  call: Call,
  index: number,
  { flags, width, letter, described }: Directive & { flags: string; width: string | undefined },
): string {
  const kind = call.types[index]?.kind
  const value = call.arg(index)
  if (
    letter === 'd' &&
    kind === 'INT64' &&
    (flags === '' || flags === '0') &&
    /^\d+$/.test(width ?? '')
  ) {
    return `js_padded_integer(${value}, ${width}, ${flags === '0'})`
  }
  if (letter === 'd' && kind === 'INT64' && flags === `'` && width === undefined) {
    return `js_grouped_integer(${value})`
  }
  if (
    letter === 's' &&
    kind === 'STRING' &&
    /^\d+$/.test(width ?? '') &&
    (flags === '' || flags === '-')
  ) {
    return `js_padded_text(${value}, ${width}, ${flags === '-'})`
  }
  throw notSupported(described)
}

/** The text of a STRING literal; undefined for every other expression. */
export function literalText(node: ResolvedNode | undefined): string | undefined {
  return node?.kind === 'Literal' ? literalValue(node).stringValue : undefined
}
