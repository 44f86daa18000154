import { notSupported } from '../../bigquery-error.ts'
import { commitColumn } from '../../database/commits.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import type { SqlType } from '../analyzer/sql-type.ts'
import { printStoredValue, targetOfContext } from './dml.ts'
import { identifier } from './duck-sql.ts'
import { printExpression, structField, structPack } from './expressions.ts'
import { columnReference, type Scope } from './scope.ts'

/** SET's list. `a.b.c = x` builds the struct `a` anew; several fields of one column are set together. */
export function printUpdates(items: ResolvedNode[], scope: Scope): string {
  const columns = new Map<string, { value: string; type: SqlType; isWhole: boolean }>()
  for (const item of items) {
    const { column, path } = targetOf(item.node('target'))
    const setValue = item.node('setValue')
    const isWhole = path.length === 0
    const value = isWhole
      ? printStoredValue(column.name, setValue, scope)
      : printExpression(setValue.node('value'), scope)
    const before = columns.get(column.name)?.value ?? columnReference(column, scope)
    columns.set(column.name, {
      value: replaceField(before, column.type, path, value),
      type: column.type,
      isWhole,
    })
  }
  const { storedValue } = targetOfContext(scope)
  const values = [...columns].map(([name, { value, isWhole }]) => {
    return `${identifier(name)} = ${isWhole ? value : storedValue(name, value)}`
  })
  // By its default the row belongs to the commit that changes it.
  return [...values, `${identifier(commitColumn)} = DEFAULT`].join(', ')
}

function targetOf(target: ResolvedNode) {
  const path: number[] = []
  let node = target
  while (node.kind === 'GetStructField') {
    node.ignore('type', 'typeAnnotationMap')
    path.unshift(node.number('fieldIdx'))
    node = node.node('expr')
  }
  if (node.kind !== 'ColumnRef') throw notSupported(`SET ${node.kind}`)
  node.ignore('type', 'typeAnnotationMap')
  return { column: node.column(), path }
}

function replaceField(struct: string, type: SqlType, path: number[], value: string): string {
  const [index, ...rest] = path
  if (index === undefined) return value
  if (type.kind !== 'STRUCT') throw new Error('a field of what is no struct')
  const fields = type.fields.map((field, i) => {
    const old = structField(struct, type, i)
    return i === index ? replaceField(old, field.type, rest, value) : old
  })
  return structPack(type, fields)
}
