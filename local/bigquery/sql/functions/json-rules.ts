import { notSupported } from '../../bigquery-error.ts'
import { literalValue } from '../printer/expressions.ts'
import { duckType, textLiteral } from '../printer/duck-sql.ts'
import { fresh, orElse } from '../printer/scope.ts'
import { pathText } from '../printer/json-fields.ts'
import { jsonText } from './json-text.ts'
import { laxScalar, path, scalar, value, valueOrNull } from './json-reading.ts'
import { literalText } from './print-format.ts'
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
    return pretty(call, `js_json_text(${orElse(call.arg(0), `'null'`, call.scope)})`)
  },
  to_json_string: (call) => {
    const text = jsonText(call.arg(0), typeOf(call), { isValue: false }, call.scope)
    return pretty(call, orElse(text, `'null'`, call.scope))
  },
  'to_json(JSON)': '{0}',
  to_json: (call) => {
    const [, wide] = call.nodes
    if (wide && literalValue(wide).boolValue)
      throw notSupported('TO_JSON(stringify_wide_numbers => TRUE)')
    const text = jsonText(call.arg(0), typeOf(call), { isValue: true }, call.scope)
    return `CAST(js_canonical_json(${orElse(text, `'null'`, call.scope)}) AS JSON)`
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
    if (depth && depth.kind !== 'Literal')
      throw notSupported('JSON_KEYS to a depth that is no literal')
    const levels = depth ? literalValue(depth).int64Value : '500'
    if (levels === undefined || Number(levels) < 1)
      throw notSupported(`JSON_KEYS to the depth ${levels ?? 'NULL'}`)
    return `json_extract_string(js_json_keys(${call.arg(0)}, ${levels}), '$[*]')`
  },
  'int64_array(JSON)': (call) => itemsOf(call, 'bq.json_int64'),
  'float64_array(JSON)': (call) => itemsOf(call, 'bq.json_float64'),
  'string_array(JSON)': (call) => itemsOf(call, 'bq.json_string'),
  'bool_array(JSON)': (call) => itemsOf(call, 'bq.json_bool'),
  'lax_int64_array(JSON)': (call) => laxItemsOf(call, 'bq.lax_int64'),
  'lax_float64_array(JSON)': (call) => laxItemsOf(call, 'bq.lax_float64'),
  'lax_string_array(JSON)': (call) => laxItemsOf(call, 'bq.lax_scalar'),
  'lax_bool_array(JSON)': (call) => laxItemsOf(call, 'bq.lax_bool'),
  json_array: (call) => {
    const items = call.nodes.map((node, index) => jsonOrNull(call.arg(index), node.type(), call))
    return `CAST(js_canonical_json('[' || ${items.join(` || ',' || `) || `''`} || ']') AS JSON)`
  },
  json_object: (call) => {
    if (call.types[0]?.kind === 'ARRAY') return objectOfArrays(call)
    const members: string[] = []
    for (let i = 0; i + 1 < call.nodes.length; i += 2) {
      const item = jsonOrNull(call.arg(i + 1), call.types[i + 1] ?? call.type, call)
      const isText = literalText(call.nodes[i]) !== undefined
      members.push(
        `${isText ? `js_json_quote(${call.arg(i)})` : keyText(call.arg(i))} || ':' || ${item}`,
      )
    }
    return `CAST(js_canonical_json('{' || ${members.join(` || ',' || `) || `''`} || '}') AS JSON)`
  },
}

/** What is no array is an error, and what in it is not of the type too. */
function itemsOf(call: Call, item: string): string {
  const json = call.arg(0)
  const words = 'The provided JSON input is not an array'
  return `(CASE WHEN ${json} IS NOT NULL AND bq.json_array(${json}) IS NULL THEN CAST([js_error('${words}')] AS ${duckType(call.type)}) ELSE ${laxItemsOf(call, item)} END)`
}

function laxItemsOf(call: Call, item: string): string {
  const name = fresh(call.scope, '_e')
  return `list_transform(bq.json_array(${call.arg(0)}), lambda ${name}: ${item}(${name}))`
}

function keyText(key: string): string {
  return `CASE WHEN ${key} IS NULL THEN ${complaint('A key cannot be NULL')} ELSE js_json_quote(${key}) END`
}

function complaint(words: string): string {
  return `js_error('Invalid input to JSON_OBJECT: ${words}')`
}

function objectOfArrays(call: Call): string {
  const [keys, values] = [call.arg(0), call.arg(1)]
  const [, type] = call.types
  if (type?.kind !== 'ARRAY') throw notSupported('JSON_OBJECT of an array of keys only')
  const place = fresh(call.scope, '_i')
  const item = jsonOrNull(`${values}[${place}]`, type.element, call)
  const member = `(${keyText(`${keys}[${place}]`)}) || ':' || ${item}`
  const members = `list_transform(generate_series(1, len(${keys})), lambda ${place}: ${member})`
  return `CAST(CASE WHEN ${keys} IS NULL THEN ${complaint('The keys array cannot be NULL')}
    WHEN ${values} IS NULL THEN ${complaint('The values array cannot be NULL')}
    WHEN len(${keys}) <> len(${values}) THEN ${complaint('The number of keys and values must match')}
    ELSE js_canonical_json('{' || array_to_string(${members}, ',') || '}') END AS JSON)`
}

function float64(call: Call): string {
  const [, mode] = call.nodes
  if (mode && literalValue(mode).stringValue !== 'round')
    throw notSupported('FLOAT64 of JSON that is exact')
  return `bq.json_float64(${call.arg(0)})`
}

function jsonOrNull(sql: string, type: Call['type'], call: Call): string {
  return orElse(jsonText(sql, type, { isValue: true }, call.scope), `'null'`, call.scope)
}

function typeOf(call: Call): Call['type'] {
  return call.types[0] ?? call.type
}

/** TO_JSON_STRING's second argument asks for lines. */
function pretty(call: Call, json: string): string {
  const [, node] = call.nodes
  if (node === undefined) return json
  if (node.kind === 'Literal') {
    const isPretty = literalValue(node).boolValue
    if (isPretty === undefined) return 'CAST(NULL AS VARCHAR)'
    return isPretty ? `js_pretty_json(${json})` : json
  }
  return `(CASE WHEN ${call.arg(1)} THEN js_pretty_json(${json}) WHEN NOT ${call.arg(1)} THEN ${json} END)`
}
