import { notSupported } from '../../bigquery-error.ts'
import { type SqlType, typeName } from '../analyzer/sql-type.ts'
import { structField } from '../printer/expressions.ts'
import { fresh, orElse, type Scope } from '../printer/scope.ts'
import { castToText } from '../printer/text-casts.ts'

/** What FORMAT shows of a value by `%t`, or by `%T`, which is a literal of its type; NULL as `NULL`. */
export function shownText(value: string, type: SqlType, isLiteral: boolean, scope: Scope): string {
  return orElse(shown(value, type, isLiteral, scope), `'NULL'`, scope)
}

function shown(value: string, type: SqlType, isLiteral: boolean, scope: Scope): string {
  switch (type.kind) {
    case 'STRING':
      return isLiteral ? `js_text_literal(${value})` : value
    case 'BYTES':
      return `${isLiteral ? 'js_bytes_literal' : 'js_escaped_bytes'}(${value})`
    case 'JSON':
      return isLiteral ? `js_json_literal(js_json_text(${value}))` : `js_json_text(${value})`
    case 'FLOAT64':
      return float(value, isLiteral)
    case 'INT64':
    case 'BOOL':
      return castToText(value, type)
    case 'DATE':
    case 'DATETIME':
    case 'TIME':
    case 'TIMESTAMP':
    case 'NUMERIC':
    case 'BIGNUMERIC':
      return isLiteral
        ? `('${type.kind} "' || ${castToText(value, type)} || '"')`
        : castToText(value, type)
    case 'INTERVAL':
      return isLiteral
        ? `('INTERVAL "' || ${castToText(value, type)} || '" YEAR TO SECOND')`
        : castToText(value, type)
    case 'ARRAY': {
      const item = fresh(scope, '_e')
      const items = `list_transform(${value}, lambda ${item}: ${shownText(item, type.element, isLiteral, scope)})`
      return `('[' || array_to_string(${items}, ', ') || ']')`
    }
    case 'STRUCT': {
      const fields = type.fields.map((field, index) =>
        shownText(structField(value, type, index), field.type, isLiteral, scope),
      )
      const open = isLiteral && fields.length === 1 ? 'STRUCT(' : '('
      return `(CASE WHEN ${value} IS NOT NULL THEN '${open}' || ${fields.join(` || ', ' || `)} || ')' END)`
    }
    default:
      throw notSupported(`FORMAT('%${isLiteral ? 'T' : 't'}') of ${typeName(type)}`)
  }
}

/** A FLOAT64 shows that it is none of the integers. */
function float(value: string, isLiteral: boolean): string {
  const plain = `regexp_replace(js_float_text(${value}), '^-?[0-9]+$', '\\0.0')`
  const signed = `CASE WHEN CAST(${value} AS VARCHAR) = '-0.0' THEN '-0.0' ELSE ${plain} END`
  if (!isLiteral) return `(${signed})`
  return `(CASE WHEN isfinite(${value}) THEN ${signed} ELSE 'CAST("' || js_float_text(${value}) || '" AS FLOAT64)' END)`
}
