import { notSupported } from '../../bigquery-error.ts'
import { literalValue } from '../printer/expressions.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { pathText } from '../printer/json-fields.ts'
import { jsonText } from './json-text.ts'
import { laxScalar, path, scalar, value, valueOrNull } from './json-reading.ts'
import type { Call, Rules } from './rule.ts'

/**
 * JSON values are canonical text. Of JSON held in a STRING the text may be anything: what is no
 * JSON gives NULL.
 */
export const jsonRules: Rules = {
  'json_value(JSON)': scalar,
  'json_value(STRING)': (call) => `bq.text_json_scalar(${call.arg(0)}, ${path(call)})`,
  'json_extract_scalar(JSON)': scalar,
  'json_extract_scalar(STRING)': (call) => `bq.text_json_scalar(${call.arg(0)}, ${path(call)})`,
  'json_query(JSON)': (call) => value(call),
  'json_query(STRING)': (call) => `bq.text_json_query(${call.arg(0)}, ${path(call)})`,
  'json_extract(JSON)': (call) => value(call),
  'json_extract(STRING)': (call) => `bq.text_json_query(${call.arg(0)}, ${path(call)})`,
  'json_query_array(JSON)': (call) => `bq.json_array(${valueOrNull(call)})`,
  'json_query_array(STRING)': (call) => `bq.text_json_array(${call.arg(0)}, ${path(call)})`,
  'json_extract_array(JSON)': (call) => `bq.json_array(${valueOrNull(call)})`,
  'json_extract_array(STRING)': (call) => `bq.text_json_array(${call.arg(0)}, ${path(call)})`,
  'json_value_array(JSON)': (call) => `bq.json_scalar_array(${valueOrNull(call)})`,
  'json_value_array(STRING)': (call) => `bq.text_json_scalar_array(${call.arg(0)}, ${path(call)})`,
  'json_extract_string_array(JSON)': (call) => `bq.json_scalar_array(${valueOrNull(call)})`,
  'json_extract_string_array(STRING)': (call) =>
    `bq.text_json_scalar_array(${call.arg(0)}, ${path(call)})`,
  '$subscript(JSON,STRING)': (call) => {
    const [, key] = call.nodes
    if (key?.kind !== 'Literal') throw notSupported('a JSON subscript that is no literal')
    return `json_extract(${call.arg(0)}, ${textLiteral(pathText([literalValue(key).stringValue ?? '']))})`
  },
  '$subscript(JSON,INT64)': `bq.json_at({0}, {1})`,
  parse_json: (call) => {
    const [, mode] = call.nodes
    const isExact = !mode || (mode.kind === 'Literal' && literalValue(mode).stringValue === 'exact')
    if (!isExact) throw notSupported('PARSE_JSON that rounds numbers')
    return `CAST(js_canonical_json(${call.arg(0)}) AS JSON)`
  },
  'to_json_string(JSON)': (call) => {
    refuseArguments(call, 1)
    return `js_json_text(coalesce(${call.arg(0)}, 'null'))`
  },
  to_json_string: (call) => {
    refuseArguments(call, 1)
    return `coalesce(${jsonText(call.arg(0), typeOf(call), { isValue: false }, call.scope)}, 'null')`
  },
  'to_json(JSON)': '{0}',
  to_json: (call) => {
    const [, wide] = call.nodes
    if (wide && literalValue(wide).boolValue)
      throw notSupported('TO_JSON(stringify_wide_numbers => TRUE)')
    const text = jsonText(call.arg(0), typeOf(call), { isValue: true }, call.scope)
    return `CAST(js_canonical_json(coalesce(${text}, 'null')) AS JSON)`
  },
  'json_type(JSON)': 'bq.json_type({0})',
  'int64(JSON)': 'bq.json_int64({0})',
  'float64(JSON)': float64,
  'bool(JSON)': 'bq.json_bool({0})',
  'string(JSON)': 'bq.json_string({0})',
  'lax_int64(JSON)': (call) => `bq.lax_int64(${valueOrNull(call)})`,
  'lax_float64(JSON)': (call) => `bq.lax_float64(${valueOrNull(call)})`,
  'lax_bool(JSON)': (call) => `bq.lax_bool(${valueOrNull(call)})`,
  'lax_string(JSON)': laxScalar,
  'json_keys(JSON)': (call) => {
    const [, depth] = call.nodes
    const levels = depth ? literalValue(depth).int64Value : '500'
    if (levels === undefined || Number(levels) < 1)
      throw notSupported(`JSON_KEYS to the depth ${levels ?? 'NULL'}`)
    return `json_extract_string(js_json_keys(${call.arg(0)}, ${levels}), '$[*]')`
  },
  json_array: (call) => {
    const items = call.nodes.map((node, index) => jsonOrNull(call.arg(index), node.type(), call))
    return `CAST(js_canonical_json('[' || ${items.join(` || ',' || `) || `''`} || ']') AS JSON)`
  },
  json_object: (call) => {
    if (call.types[0]?.kind === 'ARRAY') throw notSupported('JSON_OBJECT of arrays')
    const members: string[] = []
    for (let i = 0; i + 1 < call.nodes.length; i += 2) {
      const item = jsonOrNull(call.arg(i + 1), call.types[i + 1] ?? call.type, call)
      members.push(`CAST(to_json(CAST(${call.arg(i)} AS VARCHAR)) AS VARCHAR) || ':' || ${item}`)
    }
    return `CAST(js_canonical_json('{' || ${members.join(` || ',' || `) || `''`} || '}') AS JSON)`
  },
}

function float64(call: Call): string {
  const [, mode] = call.nodes
  if (mode && literalValue(mode).stringValue !== 'round')
    throw notSupported('FLOAT64 of JSON that is exact')
  return `bq.json_float64(${call.arg(0)})`
}

function jsonOrNull(sql: string, type: Call['type'], call: Call): string {
  return `coalesce(${jsonText(sql, type, { isValue: true }, call.scope)}, 'null')`
}

function typeOf(call: Call): Call['type'] {
  return call.types[0] ?? call.type
}

function refuseArguments(call: Call, most: number): void {
  const [, pretty] = call.nodes
  if (
    call.nodes.length > most &&
    !(pretty?.kind === 'Literal' && !literalValue(pretty).boolValue)
  ) {
    throw notSupported(`${call.name.toUpperCase()} with more than ${most} argument`)
  }
}
