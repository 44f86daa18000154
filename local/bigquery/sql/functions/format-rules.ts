import { notSupported } from '../../bigquery-error.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { unreadElement } from '../runtime/parse-time.ts'
import { fittedFormat, type TimeKind } from '../runtime/time-elements.ts'
import { literalText, printFormat } from './print-format.ts'
import type { Call, Rules } from './rule.ts'
import { utcClock, zoneArgument } from './time-zone.ts'

/** Times by format strings, and FORMAT; what is not surely read or written alike is refused. */
export const formatRules: Rules = {
  format_timestamp: formatByType,
  format_date: formatByType,
  format_datetime: formatByType,
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

/** FORMAT_DATE and its like take values of the other types too, and write all that these have. */
function formatByType(call: Call): string {
  const value = call.arg(1)
  switch (call.types[1]?.kind) {
    case 'TIMESTAMP': {
      const zone = zoneArgument(call, 2)
      return formatTime(call, 'TIMESTAMP', { value, zone, datetime: utcClock(value) })
    }
    case 'DATE': {
      const datetime = `CAST(${value} AS TIMESTAMP)`
      return formatTime(call, 'DATE', { value: datetime, zone: `'UTC'`, datetime })
    }
    default:
      return formatTime(call, 'DATETIME', { value, zone: `'UTC'`, datetime: value })
  }
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

type FormattedTime = { value: string; zone: string; datetime: string }

function formatTime(call: Call, kind: TimeKind, time: FormattedTime): string {
  const { value, zone, datetime } = time
  const slow = `js_format_time(${fitted(call, kind)}, epoch_us(${value}), ${zone}, '${kind}')`
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
