import { notSupported } from '../../bigquery-error.ts'
import type { Routine } from '../../catalog/resources.ts'
import { typeOfStandardSql } from '../analyzer/field-type.ts'
import { type SqlType, typeName } from '../analyzer/sql-type.ts'
import { jsonText } from '../functions/json-text.ts'
import type { Call } from '../functions/rule.ts'
import type { JavaScriptFunction } from '../runtime/javascript.ts'
import { duckType, textLiteral } from './duck-sql.ts'

/** A call of a user's function in JavaScript. */
export function printJavaScriptCall(routine: Routine, call: Call): string {
  const parameters = (routine.arguments ?? []).map(({ name, dataType }, index) => ({
    name,
    type: dataType ? typeOfStandardSql(dataType) : (call.types[index] ?? call.type),
  }))
  for (const { type } of [...parameters, call]) refuseOtherTypes(type)
  const made: JavaScriptFunction = {
    title: `${routine.routineReference.routineId}(${parameters.map(({ type }) => typeName(type)).join(', ')})`,
    parameters,
    returns: call.type,
    body: routine.definitionBody,
  }
  const items = call.nodes.map((node, index) => {
    return `coalesce(${jsonText(call.arg(index), node.type(), { isValue: true }, call.scope)}, 'null')`
  })
  const args = items.length === 0 ? `'[]'` : `'[' || ${items.join(` || ',' || `)} || ']'`
  return resultOf(`js_user_function(${textLiteral(JSON.stringify(made))}, ${args})`, call.type)
}

function resultOf(text: string, type: SqlType): string {
  if (type.kind === 'STRING') return text
  if (type.kind !== 'ARRAY' && type.kind !== 'STRUCT') return `CAST(${text} AS ${duckType(type)})`
  return `CAST(from_json_strict(${text}, ${textLiteral(JSON.stringify(structureOf(type)))}) AS ${duckType(type)})`
}

/** A type as DuckDB's JSON functions write it. */
function structureOf(type: SqlType): unknown {
  if (type.kind === 'ARRAY') return [structureOf(type.element)]
  if (type.kind !== 'STRUCT') return duckType(type)
  return Object.fromEntries(type.fields.map((field) => [field.name, structureOf(field.type)]))
}

const known = new Set(['INT64', 'FLOAT64', 'STRING', 'BOOL', 'JSON'])

/** How BigQuery turns values of the other types into JavaScript's and back is not all known. */
function refuseOtherTypes(type: SqlType): void {
  if (type.kind === 'ARRAY') return refuseOtherTypes(type.element)
  if (type.kind === 'STRUCT') return type.fields.forEach((field) => refuseOtherTypes(field.type))
  if (!known.has(type.kind)) throw notSupported(`${typeName(type)} in a JavaScript function`)
}
