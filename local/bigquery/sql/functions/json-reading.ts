import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { literalValue, printExpression } from '../printer/expressions.ts'
import { jsonPathOf, type JsonStep, pathText } from '../printer/json-fields.ts'
import {
  type JsonReading,
  printItems,
  printJsonPath,
  printJsonScalar,
} from '../printer/json-paths.ts'
import type { JsonFields } from '../printer/json-shape.ts'
import type { Scope } from '../printer/scope.ts'
import { readCall } from './call.ts'
import { jsonPathSteps } from './json-path.ts'
import type { Call } from './rule.ts'

/** The JSON value that a call reads, by its path. */
export function value(call: Call): string {
  const reading = readingOf(call)
  return reading.steps.length === 0 ? reading.sql : printJsonPath(reading, call.scope)
}

/** The same where JSON null is as good as NULL. */
export function valueOrNull(call: Call): string {
  const reading = readingOf(call)
  if (reading.steps.length === 0) return reading.sql
  return printJsonPath({ ...reading, isNullMissing: true }, call.scope)
}

/** The text of a scalar, NULL for every other value. */
export function scalar(call: Call): string {
  const reading = readingOf(call)
  if (reading.steps.length === 0) return `bq.json_scalar(${reading.sql})`
  return printJsonScalar(reading, 'json', call.scope)
}

/** The same, with FLOAT64s as CAST makes a text of them: `1` of 1.0. */
export function laxScalar(call: Call): string {
  const reading = readingOf(call)
  if (reading.steps.length === 0) return `bq.lax_scalar(${reading.sql})`
  return printJsonScalar(reading, 'lax', call.scope)
}

const scalarFunctions = new Set(['json_value', 'json_extract_scalar'])

/** The JSON of which an expression is the text, `json_value(j, '$.a')`; undefined for other expressions. */
export function printJsonOfScalar(node: ResolvedNode, scope: Scope): string | undefined {
  if (node.kind !== 'FunctionCall' || node.text('errorMode') === 'SAFE_ERROR_MODE') return undefined
  const call = readCall(node, scope)
  if (!scalarFunctions.has(call.name) || call.types[0]?.kind !== 'JSON') return undefined
  return valueOrNull(call)
}

/** The elements of `JSON_QUERY_ARRAY(json, path)` as structs of some of their fields, if they can be read with it. */
export function printJsonItems(
  array: ResolvedNode,
  fields: JsonFields,
  scope: Scope,
): string | undefined {
  if (array.kind !== 'FunctionCall') return undefined
  const call = readCall(array, scope)
  if (!['json_query_array', 'json_extract_array'].includes(call.name)) return undefined
  if (call.types[0]?.kind !== 'JSON') return undefined
  return printItems(readingOf(call), fields, scope)
}

/** Fields that are named before the path, `json_value(payload.a, '$.b')`, are read with it. */
function readingOf(call: Call): JsonReading {
  const [node] = call.nodes
  if (!node) throw new Error(`${call.name} has no argument`)
  const { root, steps } = jsonPathOf(node)
  const all = [...steps, ...(call.nodes[1] ? pathSteps(call) : [])]
  return { root, sql: printExpression(root, call.scope), steps: all }
}

/** The path of a call as a text. */
export function path(call: Call): string {
  return textLiteral(pathText(call.nodes[1] ? pathSteps(call) : []))
}

function pathSteps(call: Call): JsonStep[] {
  const [, node] = call.nodes
  const literal = node?.kind === 'Literal' ? literalValue(node).stringValue : undefined
  if (literal === undefined)
    throw notSupported(`${call.name.toUpperCase()} with a path that is no literal`)
  return jsonPathSteps(literal, call.name.startsWith('json_extract'))
}
