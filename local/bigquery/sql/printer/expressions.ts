import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import type { SqlType } from '../analyzer/sql-type.ts'
import { printCall } from '../functions/call.ts'
import { printCast } from './casts.ts'
import { fieldName, identifier, textLiteral } from './duck-sql.ts'
import { jsonPathOf } from './json-fields.ts'
import { printJsonPath } from './json-paths.ts'
import { printValue, type ValueProto } from './literals.ts'
import { columnName, columnReference, fresh, type Scope } from './scope.ts'
import { printSubquery } from './subqueries.ts'

/** An expression in DuckDB's SQL, whose value has the type `duckType` of the node's type. */
export function printExpression(node: ResolvedNode, scope: Scope): string {
  refuseCollation(node)
  const computed = scope.computed?.get(node.source)
  if (computed !== undefined) return computed
  const print = printers[node.kind]
  if (!print) throw notSupported(node.kind)
  return print(node, scope)
}

const printers: Record<string, ((node: ResolvedNode, scope: Scope) => string) | undefined> = {
  Literal: (node) => printValue(literalValue(node), node.type()),
  ColumnRef: (node, scope) => columnReference(node.column(), scope),
  Constant: (node, scope) => {
    const { name } = node.message('constant') as { name: string }
    return scope.context.variable(name, node.type())
  },
  Parameter: (node, scope) => {
    const name = node.text('name')
    const position = node.number('position')
    if (node.flag('isUntyped')) throw notSupported(`a parameter without a type`)
    return scope.context.parameter(name ? { name } : { position }, node.type())
  },
  SystemVariable: (node, scope) =>
    scope.context.systemVariable(node.texts('namePath').join('.'), node.type()),
  FunctionCall: printCall,
  Cast: printCast,
  MakeStruct: (node, scope) => {
    const values = node.nodes('fieldList').map((field) => printExpression(field, scope))
    return structPack(node.type(), values)
  },
  GetStructField: (node, scope) => {
    const struct = node.node('expr')
    const value = printExpression(struct, scope)
    return structField(value, struct.type(), node.number('fieldIdx'))
  },
  GetJsonField: (node, scope) => {
    const { root, steps } = jsonPathOf(node)
    return printJsonPath({ root, sql: printExpression(root, scope), steps }, scope)
  },
  SubqueryExpr: printSubquery,
  WithExpr: (node, scope) => {
    const assignments = node.nodes('assignmentList').map((assignment) => ({
      name: columnName(assignment.column()),
      value: printExpression(assignment.node('expr'), scope),
    }))
    const result = printExpression(node.node('expr'), scope)
    return assignments.reduceRight(
      (inner, { name, value }) =>
        `(SELECT ${inner} FROM (SELECT ${value} AS ${name}) ${fresh(scope)})`,
      result,
    )
  },
}

/** The value of a literal node, NULL as the empty message. */
export function literalValue(node: ResolvedNode): ValueProto {
  const { value } = node.message('value') as { value?: ValueProto & { value?: string } }
  const { value: _, ...fields } = value ?? {}
  return fields
}

export function structPack(type: SqlType, values: string[]): string {
  if (type.kind !== 'STRUCT') throw new Error('a struct has no struct type')
  const fields = type.fields.map((field, index) => {
    return `${identifier(fieldName(field, index))} := ${values[index]}`
  })
  if (fields.length === 0) throw notSupported('STRUCT without fields')
  return `struct_pack(${fields.join(', ')})`
}

export function structField(value: string, type: SqlType, index: number): string {
  const field = type.kind === 'STRUCT' && type.fields[index]
  if (!field) throw new Error('no such field')
  return `struct_extract(${value}, ${textLiteral(fieldName(field, index))})`
}

/** Collated text compares by other rules than ours. BigQuery itself knows no others than `und:ci`. */
function refuseCollation(node: ResolvedNode): void {
  if (node.has('typeAnnotationMap') || node.has('collationList')) {
    const name = collationName([node.message('typeAnnotationMap'), node.message('collationList')])
    if (name === undefined || name.startsWith('und:')) throw notSupported('collation')
    const words = `Collation '${name}' in collate function is not supported.`
    throw new BigQueryError('invalidQuery', words, { location: 'query' })
  }
  node.ignore('type', 'typeAnnotationMap', 'collationList')
}

/** The first that is named anywhere within. */
function collationName(annotation: unknown): string | undefined {
  if (typeof annotation !== 'object' || annotation === null) return undefined
  for (const [field, value] of Object.entries(annotation)) {
    if (field === 'collationName' || field === 'stringValue') return String(value)
    const inner = collationName(value)
    if (inner !== undefined) return inner
  }
  return undefined
}
