import { notSupported } from '../../bigquery-error.ts'
import { type SqlType, typeName } from '../analyzer/sql-type.ts'
import { textLiteral } from '../printer/duck-sql.ts'
import { structField } from '../printer/expressions.ts'
import { fresh, type Scope, orElse } from '../printer/scope.ts'

/** `isValue`: for a JSON value, in which wide numbers stay numbers; TO_JSON_STRING quotes them. */
type Options = { isValue: boolean }

/** JSON text of a value, by its type and field by field; NULL for NULL. */
export function jsonText(value: string, type: SqlType, options: Options, scope: Scope): string {
  switch (type.kind) {
    case 'STRING':
      return `js_json_quote(${value})`
    case 'BOOL':
      return `CAST(${value} AS VARCHAR)`
    case 'INT64':
      return options.isValue ? `CAST(${value} AS VARCHAR)` : `bq.int64_json(${value})`
    case 'FLOAT64':
      return options.isValue ? `js_float_value(${value})` : `js_float_json(${value})`
    case 'NUMERIC':
      return options.isValue
        ? `js_numeric_json(bq.numeric_text(${value}))`
        : `bq.numeric_json(${value})`
    case 'BIGNUMERIC':
      return options.isValue
        ? `js_numeric_json(js_bignumeric_text(${value}))`
        : `js_bignumeric_json(${value})`
    case 'TIMESTAMP':
      return `('"' || bq.timestamp_json(${value}) || '"')`
    case 'DATE':
      return `('"' || bq.date_text(${value}) || '"')`
    case 'TIME':
      return `('"' || bq.time_text(${value}) || '"')`
    case 'DATETIME':
      return `('"' || replace(bq.datetime_text(${value}), ' ', 'T') || '"')`
    case 'BYTES':
      return `('"' || base64(${value}) || '"')`
    case 'JSON':
      return `js_json_text(${value})`
    case 'INTERVAL':
      return `('"' || js_interval_iso(${value}) || '"')`
    case 'RANGE': {
      const bounds = ['start', 'end'].map((bound) => {
        const inner = `struct_extract(${value}, '${bound}')`
        return `'"${bound}":' || ${orElse(jsonText(inner, type.element, options, scope), `'null'`, scope)}`
      })
      return `(CASE WHEN ${value} IS NOT NULL THEN '{' || ${bounds.join(` || ',' || `)} || '}' END)`
    }
    case 'ARRAY': {
      const item = fresh(scope, '_e')
      const inner = jsonText(item, type.element, options, scope)
      const items = `list_transform(${value}, lambda ${item}: ${orElse(inner, `'null'`, scope)})`
      return `('[' || array_to_string(${items}, ',') || ']')`
    }
    case 'STRUCT': {
      const members = type.fields.map((field, index) => {
        const inner = jsonText(structField(value, type, index), field.type, options, scope)
        return `${textLiteral(`${JSON.stringify(field.name)}:`)} || ${orElse(inner, `'null'`, scope)}`
      })
      return `(CASE WHEN ${value} IS NULL THEN NULL ELSE '{' || ${members.join(` || ',' || `)} || '}' END)`
    }
    default:
      throw notSupported(`JSON text of ${typeName(type)}`)
  }
}
