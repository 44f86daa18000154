import { notSupported } from '../../bigquery-error.ts'

const scalarKinds = {
  INT64: 'TYPE_INT64',
  FLOAT64: 'TYPE_DOUBLE',
  BOOL: 'TYPE_BOOL',
  STRING: 'TYPE_STRING',
  BYTES: 'TYPE_BYTES',
  NUMERIC: 'TYPE_NUMERIC',
  BIGNUMERIC: 'TYPE_BIGNUMERIC',
  DATE: 'TYPE_DATE',
  DATETIME: 'TYPE_DATETIME',
  TIME: 'TYPE_TIME',
  TIMESTAMP: 'TYPE_TIMESTAMP',
  INTERVAL: 'TYPE_INTERVAL',
  JSON: 'TYPE_JSON',
  GEOGRAPHY: 'TYPE_GEOGRAPHY',
  /** The types of date parts, rounding modes and the like: of arguments only, never of a column. */
  ENUM: 'TYPE_ENUM',
} as const

export type ScalarKind = keyof typeof scalarKinds

export function isScalarKind(name: string): name is ScalarKind {
  return Object.hasOwn(scalarKinds, name)
}

/** A GoogleSQL type without its parameters: STRING(10) and STRING are one type. */
export type SqlType =
  | { kind: ScalarKind }
  | { kind: 'ARRAY'; element: SqlType }
  | { kind: 'RANGE'; element: SqlType }
  | { kind: 'STRUCT'; fields: StructField[] }

/** An anonymous field has the empty name. */
export type StructField = { name: string; type: SqlType }

/** GoogleSQL's `TypeProto`, as far as BigQuery's types go. */
export type TypeProto = {
  typeKind?: string
  arrayType?: { elementType: TypeProto }
  rangeType?: { elementType: TypeProto }
  structType?: { field?: { fieldName?: string; fieldType: TypeProto }[] }
}

const kindOfProto = new Map<string, ScalarKind>(
  Object.entries(scalarKinds).map(([kind, proto]) => [proto, kind as ScalarKind]),
)

export function typeFromProto(proto: TypeProto): SqlType {
  if (proto.arrayType) return { kind: 'ARRAY', element: typeFromProto(proto.arrayType.elementType) }
  if (proto.rangeType) return { kind: 'RANGE', element: typeFromProto(proto.rangeType.elementType) }
  if (proto.structType) {
    const fields = (proto.structType.field ?? []).map(({ fieldName, fieldType }) => ({
      name: fieldName ?? '',
      type: typeFromProto(fieldType),
    }))
    return { kind: 'STRUCT', fields }
  }
  const kind = kindOfProto.get(proto.typeKind ?? '')
  if (!kind) throw notSupported(`type ${proto.typeKind?.replace(/^TYPE_/, '')}`)
  return { kind }
}

export function typeToProto(type: SqlType): TypeProto {
  switch (type.kind) {
    case 'ARRAY':
      return { typeKind: 'TYPE_ARRAY', arrayType: { elementType: typeToProto(type.element) } }
    case 'RANGE':
      return { typeKind: 'TYPE_RANGE', rangeType: { elementType: typeToProto(type.element) } }
    case 'STRUCT': {
      const field = type.fields.map((f) => ({ fieldName: f.name, fieldType: typeToProto(f.type) }))
      return { typeKind: 'TYPE_STRUCT', structType: { field } }
    }
    default:
      return { typeKind: scalarKinds[type.kind] }
  }
}

/** The type as GoogleSQL writes it: `ARRAY<STRUCT<code STRING, path STRING>>`. */
export function typeName(type: SqlType): string {
  switch (type.kind) {
    case 'ARRAY':
    case 'RANGE':
      return `${type.kind}<${typeName(type.element)}>`
    case 'STRUCT':
      return `STRUCT<${type.fields.map((f) => `${f.name} ${typeName(f.type)}`.trim()).join(', ')}>`
    default:
      return type.kind
  }
}

/** Names that BigQuery has for types besides their own. */
export const typeAliases = Object.entries({
  INT: 'INT64',
  SMALLINT: 'INT64',
  INTEGER: 'INT64',
  BIGINT: 'INT64',
  TINYINT: 'INT64',
  BYTEINT: 'INT64',
  DECIMAL: 'NUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
} satisfies Record<string, ScalarKind>).map(([name, kind]) => ({
  name,
  type: typeToProto({ kind }),
}))
