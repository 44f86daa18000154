import type { SqlType } from '../analyzer/sql-type.ts'
import { literalValue, structField } from '../printer/expressions.ts'
import { fresh } from '../printer/scope.ts'
import type { Call, Rules } from './rule.ts'

export const comparisonRules: Rules = {
  $equal: (call) => equal(call.arg(0), call.arg(1), call.types),
  $not_equal: (call) => `(NOT ${equal(call.arg(0), call.arg(1), call.types)})`,
  $less: (call) => compare(call, '<', 'float_less'),
  $less_or_equal: (call) => compare(call, '<=', 'float_less_or_equal'),
  $greater: (call) => compare(call, '>', 'float_greater'),
  $greater_or_equal: (call) => compare(call, '>=', 'float_greater_or_equal'),
  $between: (call) => {
    const [value, low, high] = call.args()
    if (!hasFloat(call)) return `(${value} BETWEEN ${low} AND ${high})`
    return `(bq.float_greater_or_equal(${value}, ${low}) AND bq.float_less_or_equal(${value}, ${high}))`
  },
  $in: (call) => {
    const [value = '', ...candidates] = call.args()
    const [type] = call.types
    if (type?.kind !== 'STRUCT' && !hasFloat(call))
      return `(${value} IN (${candidates.join(', ')}))`
    return `(${candidates.map((other) => equal(value, other, call.types)).join(' OR ')})`
  },
  $in_array: (call) => {
    const [type] = call.types
    const [value, array] = [call.arg(0), call.arg(1)]
    if (type?.kind !== 'STRUCT') {
      return `bq.${hasFloat(call) ? 'in_float_array' : 'in_array'}(${value}, ${array})`
    }
    const element = fresh(call.scope, '_e')
    const isEqual = equal(value, element, call.types)
    return `bq.any_true(list_transform(${array}, lambda ${element}: ${isEqual}))`
  },
  $is_distinct_from: '({0} IS DISTINCT FROM {1})',
  $is_not_distinct_from: '({0} IS NOT DISTINCT FROM {1})',
  '$like(STRING)': (call) => like(call.arg(0), call, 1),
  '$like_any(STRING)': (call) => likeEach(call, 'OR'),
  '$like_all(STRING)': (call) => likeEach(call, 'AND'),
  greatest: (call) => extreme(call),
  least: (call) => extreme(call),
}

/** NaN equals nothing, not even itself, and structs are equal when all their fields are; DuckDB has both otherwise. */
export function equal(left: string, right: string, types: SqlType[]): string {
  const [type] = types
  if (type?.kind === 'STRUCT') {
    const fields = type.fields.map((field, index) =>
      equal(structField(left, type, index), structField(right, type, index), [field.type]),
    )
    return `(${fields.join(' AND ')})`
  }
  if (types.some(({ kind }) => kind === 'FLOAT64')) return `bq.float_equal(${left}, ${right})`
  return `(${left} = ${right})`
}

function compare(call: Call, operator: string, floatMacro: string): string {
  const [left, right] = call.args()
  if (hasFloat(call)) return `bq.${floatMacro}(${left}, ${right})`
  return `(${left} ${operator} ${right})`
}

function hasFloat({ types }: Call): boolean {
  return types.some(({ kind }) => kind === 'FLOAT64')
}

function like(value: string, call: Call, index: number): string {
  const pattern = call.arg(index)
  const node = call.nodes[index]
  const literal = node?.kind === 'Literal' ? (literalValue(node).stringValue ?? '') : undefined
  // DuckDB takes a pattern that ends in half an escape.
  if (literal !== undefined && !literal.endsWith('\\'))
    return `(${value} LIKE ${pattern} ESCAPE '\\')`
  return `bq.like(${value}, ${pattern})`
}

function likeEach(call: Call, join: 'AND' | 'OR'): string {
  const [value = '', ...patterns] = call.args()
  return `(${patterns.map((_, index) => like(value, call, index + 1)).join(` ${join} `)})`
}

/** GREATEST and LEAST: one NULL makes NULL, one NaN makes NaN. */
function extreme(call: Call): string {
  const args = call.args()
  const hasNull = args.map((argument) => `${argument} IS NULL`).join(' OR ')
  const isNan = args.map((argument) => `isnan(${argument})`).join(' OR ')
  const nan = call.type.kind === 'FLOAT64' ? ` WHEN ${isNan} THEN CAST('nan' AS DOUBLE)` : ''
  return `(CASE WHEN ${hasNull} THEN NULL${nan} ELSE ${call.name}(${args.join(', ')}) END)`
}
