import type { SqlType } from './sql-type.ts'
import { typeToProto } from './sql-type.ts'

/** A type, or a type of the call's choosing: equal letters are equal types. */
export type ArgumentType = SqlType | 'ANY_1' | 'ANY_2' | 'ANY'

export type Signature = {
  name: string
  arguments: ArgumentType[]
  optional?: ArgumentType[]
  returns: ArgumentType
  aggregate?: boolean
}

const string: SqlType = { kind: 'STRING' }
const bool: SqlType = { kind: 'BOOL' }
const int64: SqlType = { kind: 'INT64' }
const float64: SqlType = { kind: 'FLOAT64' }
const json: SqlType = { kind: 'JSON' }
const arrayOf = (element: SqlType): SqlType => ({ kind: 'ARRAY', element })

/** Functions that BigQuery got after GoogleSQL's release; the printer has their rules. */
const signatures: Signature[] = [
  { name: 'MAX_BY', arguments: ['ANY_1', 'ANY_2'], returns: 'ANY_1', aggregate: true },
  { name: 'MIN_BY', arguments: ['ANY_1', 'ANY_2'], returns: 'ANY_1', aggregate: true },
  { name: 'CONTAINS_SUBSTR', arguments: ['ANY_1', string], returns: bool },
  { name: 'JSON_KEYS', arguments: [json], optional: [int64], returns: arrayOf(string) },
  { name: 'EDIT_DISTANCE', arguments: [string, string], returns: int64 },
  {
    name: 'COSINE_DISTANCE',
    arguments: [arrayOf(float64), arrayOf(float64)],
    returns: float64,
  },
  {
    name: 'EUCLIDEAN_DISTANCE',
    arguments: [arrayOf(float64), arrayOf(float64)],
    returns: float64,
  },
  { name: 'INT64_ARRAY', arguments: [json], returns: arrayOf(int64) },
  { name: 'FLOAT64_ARRAY', arguments: [json], returns: arrayOf(float64) },
  { name: 'STRING_ARRAY', arguments: [json], returns: arrayOf(string) },
  { name: 'BOOL_ARRAY', arguments: [json], returns: arrayOf(bool) },
  { name: 'LAX_INT64_ARRAY', arguments: [json], returns: arrayOf(int64) },
  { name: 'LAX_FLOAT64_ARRAY', arguments: [json], returns: arrayOf(float64) },
  { name: 'LAX_STRING_ARRAY', arguments: [json], returns: arrayOf(string) },
  { name: 'LAX_BOOL_ARRAY', arguments: [json], returns: arrayOf(bool) },
]

export const extraFunctions: object[] = signatures.map((signature) =>
  functionProto(signature, signature.name.split('.'), 'BigQuery'),
)

/** A function of which the analyser knows only the types. */
export function functionProto(signature: Signature, namePath: string[], group: string): object {
  const { aggregate = false, optional = [] } = signature
  return {
    namePath,
    group,
    mode: aggregate ? 'AGGREGATE' : 'SCALAR',
    signature: [
      {
        argument: [
          ...signature.arguments.map((type) => argumentProto(type)),
          ...optional.map((type) => argumentProto(type, { cardinality: 'OPTIONAL' })),
        ],
        returnType: argumentProto(signature.returns),
        contextId: '-1',
      },
    ],
    options: {
      supportsOverClause: aggregate,
      windowOrderingSupport: aggregate ? 'ORDER_OPTIONAL' : 'ORDER_UNSUPPORTED',
      supportsWindowFraming: aggregate,
    },
  }
}

export function argumentProto(type: ArgumentType, options: object = {}): object {
  if (type === 'ANY') return { kind: 'ARG_TYPE_ARBITRARY', numOccurrences: 1, options }
  if (typeof type === 'string') return { kind: `ARG_TYPE_${type}`, numOccurrences: 1, options }
  return { kind: 'ARG_TYPE_FIXED', type: typeToProto(type), numOccurrences: 1, options }
}
