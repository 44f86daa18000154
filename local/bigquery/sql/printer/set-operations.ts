import { notSupported } from '../../bigquery-error.ts'
import type { Column, ResolvedNode } from '../analyzer/resolved-node.ts'
import { printFrom, scanColumns } from './scans.ts'
import { columnName, columnReference, fresh, type Scope } from './scope.ts'

const operators: Record<string, string> = {
  UNION_ALL: 'UNION ALL',
  UNION_DISTINCT: 'UNION',
  INTERSECT_DISTINCT: 'INTERSECT',
  EXCEPT_DISTINCT: 'EXCEPT',
}

export function printSetOperationScan(node: ResolvedNode, scope: Scope): string {
  const kind = node.text('opType') || 'UNION_ALL'
  const operator = operators[kind]
  if (!operator) throw notSupported(`set operation ${kind}`)
  const columns = scanColumns(node)
  if (kind !== 'UNION_ALL' && columns.some(({ type }) => type.kind === 'INTERVAL')) {
    throw notSupported(`${kind} of INTERVAL`)
  }
  const items = node.nodes('inputItemList').map((item) => printSetItem(item, columns, scope))
  const operation = items.reduce((left, right) => `(${left}) ${operator} (${right})`)
  return `SELECT * FROM (${operation}) ${fresh(scope)}`
}

/** One side, its columns under the names of the result's. */
export function printSetItem(item: ResolvedNode, columns: Column[], scope: Scope): string {
  const from = printFrom(item.node('scan'), scope)
  const list = item.columns('outputColumnList').map((column, index) => {
    const target = columns[index]
    if (!target) throw new Error('a set operation with too few columns')
    return `${columnReference(column, scope)} AS ${columnName(target)}`
  })
  return `SELECT ${list.join(', ')} FROM ${from}`
}
