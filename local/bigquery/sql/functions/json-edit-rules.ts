import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { literalValue } from '../printer/expressions.ts'
import { pathText } from '../printer/json-fields.ts'
import { jsonPathSteps } from './json-path.ts'
import { jsonText } from './json-text.ts'
import { orElse } from '../printer/scope.ts'
import type { Call, Rules } from './rule.ts'

/** Functions that give JSON back with changes, which are made one after the other. */
export const jsonEditRules: Rules = {
  'json_set(JSON)': (call) =>
    edited(call, call.nodes.length, (json, path, value) => {
      return `js_json_set(${json}, ${path}, ${jsonOf(call, value)})`
    }),
  'json_remove(JSON)': (call) => {
    const paths = call.nodes.slice(1).map((_, index) => pathOf(call, index + 1))
    if (paths.includes(`'$'`)) throw rootCannotBeRemoved
    return asJson(paths.reduce((json, path) => `js_json_remove(${json}, ${path})`, call.arg(0)))
  },
  'json_strip_nulls(JSON)': (call) =>
    asJson(
      `js_json_strip_nulls(${call.arg(0)}, ${pathOf(call, 1)}, ${call.arg(2)}, ${call.arg(3)})`,
    ),
  'json_array_insert(JSON)': (call) => changedArray(call, 'js_json_array_insert'),
  'json_array_append(JSON)': (call) => changedArray(call, 'js_json_array_append'),
}

const rootCannotBeRemoved = new BigQueryError(
  'invalidQuery',
  `Invalid input to JSON_REMOVE: The JSONPath cannot be '$'`,
  { location: 'query' },
)

/** The last argument says whether an ARRAY is one item or many. */
function changedArray(call: Call, name: string): string {
  const last = call.nodes.length - 1
  const flag = call.nodes[last]
  const isEach = flag?.kind === 'Literal' ? literalValue(flag).boolValue : undefined
  if (isEach === undefined)
    throw notSupported(`${call.name.toUpperCase()} with a flag that is no literal`)
  return edited(call, last, (json, path, value) => {
    const isMany = isEach && call.types[value]?.kind === 'ARRAY'
    const given = isMany ? manyOf(call, value) : jsonOf(call, value)
    return `${name}(${json}, ${path}, ${given}, ${isMany})`
  })
}

function edited(
  call: Call,
  end: number,
  edit: (json: string, path: string, value: number) => string,
): string {
  let json = call.arg(0)
  for (let i = 1; i + 1 < end; i += 2) json = edit(json, pathOf(call, i), i + 1)
  return asJson(json)
}

function asJson(text: string): string {
  return `CAST(${text} AS JSON)`
}

function jsonOf(call: Call, index: number): string {
  const type = call.types[index] ?? call.type
  return orElse(
    jsonText(call.arg(index), type, { isValue: true }, call.scope),
    `'null'`,
    call.scope,
  )
}

/** What BigQuery makes of a NULL array is not known. */
function manyOf(call: Call, index: number): string {
  const message = 'not supported by the local engine: a NULL array as the items of a JSON array'
  return `(CASE WHEN ${call.arg(index)} IS NULL THEN js_error(${textLiteral(message)}) ELSE ${jsonOf(call, index)} END)`
}

function pathOf(call: Call, index: number): string {
  const node = call.nodes[index]
  const literal = node?.kind === 'Literal' ? literalValue(node).stringValue : undefined
  if (literal === undefined)
    throw notSupported(`${call.name.toUpperCase()} with a path that is no literal`)
  return textLiteral(pathText(jsonPathSteps(literal, false)))
}
