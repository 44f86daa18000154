import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import { type SqlType, typeName } from '../analyzer/sql-type.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { literalText } from '../functions/print-format.ts'
import { fromLocal, toLocalClock } from '../functions/time-zone.ts'
import { castPieces } from '../runtime/cast-elements.ts'
import { unreadCastElement } from '../runtime/cast-parse.ts'
import { parseNumberFormat } from '../runtime/number-format.ts'
import { textLiteral } from './duck-sql.ts'
import { printExpression } from './expressions.ts'
import type { Scope } from './scope.ts'
import { castToText } from './text-casts.ts'

type Types = { from: SqlType; to: SqlType }

const numbers = new Set(['INT64', 'FLOAT64', 'NUMERIC', 'BIGNUMERIC'])
const times = new Set(['DATE', 'DATETIME', 'TIME', 'TIMESTAMP'])

/** Encodings of BYTES, both ways. */
const encodings: Record<string, { text: string; bytes: string } | undefined> = {
  HEX: { text: 'lower(hex({0}))', bytes: 'bq.from_hex({0})' },
  BASE64: { text: 'base64({0})', bytes: 'js_from_base64({0})' },
  BASE32: { text: 'js_to_base32({0})', bytes: 'js_from_base32({0})' },
  'UTF-8': { text: 'bq.bytes_text({0})', bytes: 'encode({0})' },
}

/** CAST(… FORMAT …) of times, bytes and numbers, each with a language of formats of its own. */
export function printFormatCast(node: ResolvedNode, types: Types, scope: Scope): string {
  const { from, to } = types
  const formatNode = node.node('format')
  const format = literalText(formatNode)
  if (format === undefined) throw notSupported('CAST with a format that is no literal')
  formatNode.ignore('type')
  const value = printExpression(node.node('expr'), scope)
  const zoneNode = node.optionalNode('timeZone')
  const zone = zoneNode ? printExpression(zoneNode, scope) : `'UTC'`
  if (to.kind === 'STRING' && times.has(from.kind)) return timeText(value, from.kind, format, zone)
  if (from.kind === 'STRING' && times.has(to.kind)) {
    return timeOf(value, to.kind, format, { zone, now: scope.context.currentTimestamp })
  }
  const encoding = encodings[format.toUpperCase()]
  if (encoding && from.kind === 'BYTES') return encoding.text.replace('{0}', () => value)
  if (encoding && to.kind === 'BYTES') return encoding.bytes.replace('{0}', () => value)
  if (to.kind === 'STRING' && numbers.has(from.kind) && parseNumberFormat(format)) {
    if (from.kind === 'FLOAT64') return `js_shaped_float(${value}, ${textLiteral(format)})`
    return `js_shaped_decimal(${castToText(value, from)}, ${textLiteral(format)})`
  }
  throw notSupported(`CAST(${typeName(from)} AS ${typeName(to)} FORMAT '${format}')`)
}

function timeText(value: string, kind: string, format: string, zone: string): string {
  checked(format, kind)
  const text = (micros: string, offset: string): string =>
    `js_cast_time_text(${micros}, ${offset}, ${textLiteral(format)}, '${kind}')`
  if (kind === 'DATE') return text(`epoch_us(CAST(${value} AS TIMESTAMP))`, '0')
  const micros = `epoch_us(${value})`
  if (kind !== 'TIMESTAMP' || zone === `'UTC'`) return text(micros, '0')
  // Of the offsets of old, which have seconds, the whole minutes count.
  const offset = `(epoch_us(${toLocalClock(value, zone)}) - ${micros}) // 60000000 * 60000000`
  return text(`${micros} + ${offset}`, offset)
}

type Clock = { zone: string; now: string }

function timeOf(value: string, kind: string, format: string, { zone, now }: Clock): string {
  const unread = unreadCastElement(checked(format, kind))
  if (unread !== undefined) throw notSupported(`reading the format element ${unread} in a CAST`)
  const today = `epoch_us(${toLocalClock(now, zone)})`
  const micros = `js_cast_parse(${value}, ${textLiteral(format)}, '${kind}', ${kind === 'TIME' ? '0' : today})`
  switch (kind) {
    case 'DATE':
      return `CAST(make_timestamp(${micros}) AS DATE)`
    case 'TIME':
      return `CAST(make_timestamp(${micros}) AS TIME)`
    case 'DATETIME':
      return `make_timestamp(${micros})`
    default:
      if (/TZH/i.test(format)) return `make_timestamptz(${micros})`
      return fromLocal(`make_timestamp(${micros})`, zone)
  }
}

function checked(format: string, kind: string): ReturnType<typeof castPieces> {
  try {
    return castPieces(format, kind)
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error)
    if (words.startsWith('Cannot find')) {
      throw notSupported(`the format '${format}' of a CAST (${words})`)
    }
    throw new BigQueryError('invalidQuery', words, { location: 'query' })
  }
}
