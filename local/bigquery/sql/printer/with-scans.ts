import { randomUUID } from 'node:crypto'
import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { duckType, identifier } from './duck-sql.ts'
import { printScan, scanColumns, selectList } from './scans.ts'
import { columnName, fresh, type Scope } from './scope.ts'
import { printSetItem } from './set-operations.ts'

export function printWithScan(node: ResolvedNode, scope: Scope): string {
  const keyword = node.flag('recursive') ? 'WITH RECURSIVE' : 'WITH'
  const entries = node.nodes('withEntryList').map((entry) => {
    const name = entry.text('withQueryName')
    const query = entry.node('withSubquery')
    const columns = scanColumns(query)
    scope.withQueries.set(name, columns)
    const outer = scope.recursion
    scope.recursion = { name, columns }
    const sql = printScan(query, scope)
    scope.recursion = outer
    const list = query.kind === 'RecursiveScan' ? `(${columns.map(columnName).join(', ')})` : ''
    return `${identifier(name)}${list} AS (${sql})`
  })
  const query = printScan(node.node('query'), scope)
  return `${keyword} ${entries.join(', ')} SELECT * FROM (${query}) ${fresh(scope)}`
}

/** Each reference to a WITH query has column numbers of its own. */
export function printWithRefScan(node: ResolvedNode, scope: Scope): string {
  const name = node.text('withQueryName')
  const defined = scope.withQueries.get(name)
  if (!defined) throw new Error(`WITH query ${name} is not defined`)
  const items = scanColumns(node).map((column, index) => {
    const source = defined[index]
    if (!source) throw new Error(`WITH query ${name} has too few columns`)
    return `${columnName(source)} AS ${columnName(column)}`
  })
  return `SELECT ${selectList(items)} FROM ${identifier(name)}`
}

export function printRecursiveScan(node: ResolvedNode, scope: Scope): string {
  const kind = node.text('opType') || 'UNION_ALL'
  const operator = { UNION_ALL: 'UNION ALL', UNION_DISTINCT: 'UNION' }[kind]
  if (!operator) throw notSupported(`recursive ${kind}`)
  if (node.has('recursionDepthModifier')) throw notSupported('WITH DEPTH')
  const columns = scanColumns(node)
  // DuckDB gives the columns the types of their first values, and those of a constant NULL are its own.
  const first = printSetItem(node.node('nonRecursiveTerm'), columns, scope)
  const typed = columns.map((column) => {
    const name = columnName(column)
    return `CAST(${name} AS ${duckType(column.type)}) AS ${name}`
  })
  const key = `'${randomUUID()}'`
  const start = `SELECT ${selectList(typed)} FROM (${first}) ${fresh(scope)}`
  const step = printSetItem(node.node('recursiveTerm'), columns, scope)
  return `${when(`js_recursion_begins(${key})`, start, scope)} ${operator} ${when(`js_recursion_goes_on(${key})`, step, scope)}`
}

/** A query that DuckDB runs together with a condition, which is evaluated once each time. */
function when(condition: string, sql: string, scope: Scope): string {
  const [query, once] = [fresh(scope), fresh(scope)]
  return `SELECT ${query}.* FROM (${sql}) ${query}, (SELECT ${condition} AS _holds) ${once} WHERE ${once}._holds`
}

export function printRecursiveRefScan(node: ResolvedNode, scope: Scope): string {
  const { recursion } = scope
  if (!recursion) throw new Error('a recursive reference outside of its query')
  const items = scanColumns(node).map((column, index) => {
    const source = recursion.columns[index]
    if (!source) throw new Error('a recursive reference with too many columns')
    return `${columnName(source)} AS ${columnName(column)}`
  })
  return `SELECT ${selectList(items)} FROM ${identifier(recursion.name)}`
}
