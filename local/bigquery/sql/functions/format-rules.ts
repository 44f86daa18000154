import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { literalValue } from '../printer/expressions.ts'
import { castToText } from '../printer/text-casts.ts'
import { unreadElement } from '../runtime/parse-time.ts'
import { fittedFormat, type TimeKind } from '../runtime/time-elements.ts'
import type { Call, Rules } from './rule.ts'
import { utcClock, zoneArgument } from './time-zone.ts'

/** Times by format strings, and FORMAT; what is not surely read or written alike is refused. */
export const formatRules: Rules = {
  format_timestamp: (call) => {
    const zone = zoneArgument(call, 2)
    return formatTime(call, `epoch_us(${call.arg(1)})`, zone, utcClock(call.arg(1)))
  },
  format_date: (call) => {
    const datetime = `CAST(${call.arg(1)} AS TIMESTAMP)`
    return formatTime(call, `epoch_us(${datetime})`, `'UTC'`, datetime)
  },
  format_datetime: (call) => formatTime(call, `epoch_us(${call.arg(1)})`, `'UTC'`, call.arg(1)),
  format_time: (call) =>
    `js_format_time(${fitted(call, 'TIME')}, epoch_us(${call.arg(1)}), 'UTC', 'TIME')`,
  parse_timestamp: (call) => {
    const zone = zoneArgument(call, 2)
    const slow = `make_timestamptz(${parseTime(call, 'TIMESTAMP', zone)})`
    const pattern = isoPattern(formatOf(call))
    if (pattern === undefined) return slow
    return `bq.parse_iso(${call.arg(1)}, ${textLiteral(pattern)}, ${slow})`
  },
  parse_date: (call) => `CAST(make_timestamp(${parseTime(call, 'DATE')}) AS DATE)`,
  parse_datetime: (call) => `make_timestamp(${parseTime(call, 'DATETIME')})`,
  parse_time: (call) => `CAST(make_timestamp(${parseTime(call, 'TIME')}) AS TIME)`,
  format: (call) => printFormat(call),
}

function parseTime(call: Call, kind: TimeKind, zone = `'UTC'`): string {
  const format = formatOf(call)
  const unread = format === undefined ? undefined : unreadElement(format)
  if (unread !== undefined) throw notSupported(`the format element ${unread}`)
  const name = format === undefined ? 'js_parse_time_of_any_format' : 'js_parse_time'
  return `${name}(${call.arg(0)}, ${call.arg(1)}, ${zone}, '${kind}')`
}

/** The format with what says nothing about the kind as plain text. */
function fitted(call: Call, kind: TimeKind): string {
  const format = fittedLiteral(call, kind)
  return format === undefined ? call.arg(0) : textLiteral(format)
}

function fittedLiteral(call: Call, kind: TimeKind): string | undefined {
  const format = formatOf(call)
  try {
    return format === undefined ? undefined : fittedFormat(format, kind)
  } catch (error) {
    // Rows say so, and SAFE may catch it; a refusal is one for the whole statement.
    if (!String(error).includes('not supported by')) return undefined
    throw notSupported(String(error).replace(/^.*engine: /, ''))
  }
}

/** Formats that DuckDB writes in the same way for years of four digits. */
const nativeFormats: Record<string, string> = {
  Y: '%Y',
  m: '%m',
  d: '%d',
  H: '%H',
  M: '%M',
  S: '%S',
  F: '%Y-%m-%d',
  T: '%H:%M:%S',
  R: '%H:%M',
  '%': '%%',
}

function formatTime(call: Call, micros: string, zone: string, datetime: string): string {
  const kinds: Record<string, TimeKind> = { format_timestamp: 'TIMESTAMP', format_date: 'DATE' }
  const kind = kinds[call.name] ?? 'DATETIME'
  const slow = `js_format_time(${fitted(call, kind)}, ${micros}, ${zone}, '${kind}')`
  const native = zone === `'UTC'` ? nativeFormat(fittedLiteral(call, kind)) : undefined
  if (native === undefined) return slow
  return `(CASE WHEN ${datetime} >= TIMESTAMP '1000-01-01' THEN strftime(${datetime}, ${textLiteral(native)}) ELSE ${slow} END)`
}

function nativeFormat(format: string | undefined): string | undefined {
  if (format === undefined) return undefined
  let isNative = true
  const native = format.replace(/%(.?)/gs, (_, letter: string) => {
    const same = nativeFormats[letter]
    if (same === undefined) isNative = false
    return same ?? ''
  })
  return isNative ? native : undefined
}

/** A pattern of texts that the format reads and DuckDB's cast to TIMESTAMPTZ reads to the same instant. */
function isoPattern(format: string | undefined): string | undefined {
  const shape = /^(?:%Y-%m-%d|%F)([T ])(?:%H:%M:%S|%T|%H:%M:%E\*S)(Z|%Ez)$/.exec(format ?? '')
  if (!shape) return undefined
  const [, separator, zone] = shape
  const fraction = format?.includes('%E*S') ? '(\\.[0-9]{1,6})?' : ''
  const offset = zone === 'Z' ? 'Z' : '(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9])'
  return `[1-9][0-9]{3}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])${separator}([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]${fraction}${offset}`
}

function formatOf(call: Call): string | undefined {
  return literalText(call.nodes[0])
}

function literalText(node: ResolvedNode | undefined): string | undefined {
  return node?.kind === 'Literal' ? literalValue(node).stringValue : undefined
}

const directive = /%([-+0 #']*)(\d+|\*)?(?:\.(\d+|\*))?([a-zA-Z%])|[^%]+|%/g

/** FORMAT with a constant format. A NULL argument makes the result NULL, but for %t and %T. */
function printFormat(call: Call): string {
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
