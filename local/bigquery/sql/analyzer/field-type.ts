import { BigQueryError } from '../../bigquery-error.ts'
import type { Field, FieldType, StandardSqlType } from '../../catalog/resources.ts'
import type { ParameterType } from '../sql-engine.ts'
import { isScalarKind, type ScalarKind, type SqlType } from './sql-type.ts'

const legacyNames: Partial<Record<ScalarKind, FieldType>> = {
  INT64: 'INTEGER',
  FLOAT64: 'FLOAT',
  BOOL: 'BOOLEAN',
}
const standardNames: Record<string, ScalarKind> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
}

/** The type of a column's values; a REPEATED field's is an array. */
export function typeOfField(field: Field): SqlType {
  const type = typeOfSingleValue(field)
  return field.mode === 'REPEATED' ? { kind: 'ARRAY', element: type } : type
}

function typeOfSingleValue(field: Field): SqlType {
  if (field.type === 'RECORD') {
    const fields = (field.fields ?? []).map((f) => ({ name: f.name, type: typeOfField(f) }))
    return { kind: 'STRUCT', fields }
  }
  if (field.type === 'RANGE') {
    return { kind: 'RANGE', element: scalar(field.rangeElementType?.type ?? 'DATE') }
  }
  return scalar(field.type)
}

/** The REST field of a column. A struct's anonymous fields get BigQuery's names, `_field_1` and so on. */
export function fieldOfType(name: string, type: SqlType): Field {
  switch (type.kind) {
    case 'ARRAY':
      return { ...fieldOfType(name, type.element), mode: 'REPEATED' }
    case 'RANGE':
      return {
        name,
        type: 'RANGE',
        mode: 'NULLABLE',
        rangeElementType: { type: type.element.kind },
      }
    case 'STRUCT': {
      const fields = type.fields.map((f, i) => fieldOfType(f.name || `_field_${i + 1}`, f.type))
      return { name, type: 'RECORD', mode: 'NULLABLE', fields }
    }
    default:
      return { name, type: legacyNames[type.kind] ?? (type.kind as FieldType), mode: 'NULLABLE' }
  }
}

export function typeOfStandardSql(type: StandardSqlType): SqlType {
  if (type.arrayElementType) {
    return { kind: 'ARRAY', element: typeOfStandardSql(type.arrayElementType) }
  }
  if (type.structType) {
    const fields = type.structType.fields.map((f) => ({
      name: f.name ?? '',
      type: typeOfStandardSql(f.type),
    }))
    return { kind: 'STRUCT', fields }
  }
  if (type.rangeElementType) {
    return { kind: 'RANGE', element: typeOfStandardSql(type.rangeElementType) }
  }
  return scalar(type.typeKind)
}

export function standardSqlOfType(type: SqlType): StandardSqlType {
  switch (type.kind) {
    case 'ARRAY':
      return { typeKind: 'ARRAY', arrayElementType: standardSqlOfType(type.element) }
    case 'STRUCT': {
      const fields = type.fields.map((f) => ({
        ...(f.name && { name: f.name }),
        type: standardSqlOfType(f.type),
      }))
      return { typeKind: 'STRUCT', structType: { fields } }
    }
    case 'RANGE':
      return { typeKind: 'RANGE', rangeElementType: standardSqlOfType(type.element) }
    default:
      return { typeKind: type.kind }
  }
}

/** The type of a query parameter, as a job's configuration states it. */
export function typeOfParameter(type: ParameterType): SqlType {
  if (type.arrayType) return { kind: 'ARRAY', element: typeOfParameter(type.arrayType) }
  if (type.structTypes) {
    const fields = type.structTypes.map((f) => ({
      name: f.name ?? '',
      type: typeOfParameter(f.type),
    }))
    return { kind: 'STRUCT', fields }
  }
  const { kind } = scalar(String(type.rangeElementType?.type ?? type.type))
  if (type.rangeElementType && ['DATE', 'DATETIME', 'TIMESTAMP'].includes(kind)) {
    return { kind: 'RANGE', element: { kind } }
  }
  if (!type.rangeElementType && isScalarKind(kind)) return { kind }
  throw new BigQueryError('invalid', `Invalid value for parameterType: ${JSON.stringify(type)}`, {
    location: 'queryParameters',
  })
}

/** GoogleSQL's name of a field's type: INT64 for INTEGER. */
export function standardTypeName(type: FieldType): string {
  return standardNames[type] ?? type
}

function scalar(name: string): { kind: ScalarKind } {
  const upper = name.toUpperCase()
  return { kind: standardNames[upper] ?? (upper as ScalarKind) }
}
