import { notSupported } from '../../bigquery-error.ts'
import { type SqlType, typeName } from '../analyzer/sql-type.ts'
import { structField } from '../printer/expressions.ts'
import { fresh } from '../printer/scope.ts'
import { castToText } from '../printer/text-casts.ts'
import { literalText } from './print-format.ts'
import type { Call } from './rule.ts'

/** Whether a value holds a text anywhere in it: in a field, in an element, in what it is as a text. */
export function containsSubstr(call: Call): string {
  const [type] = call.types
  const isLiteral = call.nodes[1]?.kind === 'Literal' && literalText(call.nodes[1]) !== undefined
  if (!type || !isLiteral) throw notSupported('CONTAINS_SUBSTR of what is no literal')
  return contains(call.arg(0), type, call)
}

function contains(value: string, type: SqlType, call: Call): string {
  switch (type.kind) {
    case 'STRUCT': {
      const fields = type.fields.map((field, index) =>
        contains(structField(value, type, index), field.type, call),
      )
      return `(${fields.join(' OR ')})`
    }
    case 'ARRAY': {
      const item = fresh(call.scope, '_e')
      const each = `list_transform(${value}, lambda ${item}: ${contains(item, type.element, call)})`
      return `(CASE WHEN len(${value}) = 0 THEN false ELSE list_bool_or(${each}) END)`
    }
    case 'JSON':
      return `js_json_contains_substr(${value}, ${call.arg(1)})`
    case 'BYTES':
    case 'RANGE':
    case 'INTERVAL':
      throw notSupported(`CONTAINS_SUBSTR of ${typeName(type)}`)
    default:
      return `js_contains_substr(${castToText(value, type)}, ${call.arg(1)})`
  }
}
