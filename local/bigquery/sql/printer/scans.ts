import { notSupported } from '../../bigquery-error.ts'
import type { TableReference } from '../../catalog/resources.ts'
import type { Column, ResolvedNode } from '../analyzer/resolved-node.ts'
import { printAggregateScan } from './aggregate-scan.ts'
import { printAnalyticScan } from './analytic-scan.ts'
import { identifier } from './duck-sql.ts'
import { printExpression } from './expressions.ts'
import { newJsonPaths, withJsonPaths } from './json-paths.ts'
import { printArrayScan, printJoinScan } from './joins.ts'
import { printOrder } from './order.ts'
import {
  printRecursiveRefScan,
  printRecursiveScan,
  printWithRefScan,
  printWithScan,
} from './with-scans.ts'
import { columnName, columnReference, fresh, type Scope } from './scope.ts'
import { printSetOperationScan } from './set-operations.ts'

/** A SELECT whose columns are called by their numbers, `c1`, `c2` …: what a scan gives. */
export function printScan(node: ResolvedNode, scope: Scope): string {
  const print = scanPrinters[node.kind]
  if (!print) throw notSupported(node.kind)
  node.ignore('columnList')
  return print(node, scope)
}

/** A scan as a FROM item with a name of its own. */
export function printFrom(node: ResolvedNode, scope: Scope): string {
  return `(${printScan(node, scope)}) ${fresh(scope)}`
}

export function scanColumns(node: ResolvedNode): Column[] {
  return node.columns()
}

/** DuckDB needs at least one column. */
export function selectList(items: string[]): string {
  return items.length === 0 ? '1 AS _one' : items.join(', ')
}

/** What may stand in FROM and around it. */
export const scanPrinters: Record<
  string,
  ((node: ResolvedNode, scope: Scope) => string) | undefined
> = {
  SingleRowScan: () => 'SELECT 1 AS _one',
  TableScan: printTableScan,
  ProjectScan: printProjectScan,
  FilterScan: (node, scope) => {
    const input = printFrom(node.node('inputScan'), scope)
    return `SELECT * FROM ${input} WHERE ${printExpression(node.node('filterExpr'), scope)}`
  },
  JoinScan: printJoinScan,
  ArrayScan: printArrayScan,
  AggregateScan: printAggregateScan,
  AnalyticScan: printAnalyticScan,
  // A table of less than a gigabyte is one block, and of one block a sample is all.
  SampleScan: (node, scope) => {
    const unit = node.text('unit')
    if (node.text('method').toUpperCase() !== 'SYSTEM' || unit !== 'PERCENT') {
      throw notSupported('TABLESAMPLE but SYSTEM (… PERCENT)')
    }
    const input = printFrom(node.node('inputScan'), scope)
    return `SELECT * FROM ${input} WHERE ${printExpression(node.node('size'), scope)} > 0`
  },
  OrderByScan: (node, scope) => {
    const columns = scanColumns(node).map((column) => columnReference(column, scope))
    const input = printFrom(node.node('inputScan'), scope)
    const order = printOrder(node.nodes('orderByItemList'), scope)
    return `SELECT ${selectList([...new Set(columns)])} FROM ${input} ORDER BY ${order}`
  },
  LimitOffsetScan: (node, scope) => {
    const input = node.node('inputScan')
    // Where a subquery is correlated, LIMIT must stand beside its ORDER BY to heed it.
    const rows =
      input.kind === 'OrderByScan'
        ? printScan(input, scope)
        : `SELECT * FROM ${printFrom(input, scope)}`
    const limit = printExpression(node.node('limit'), scope)
    const offset = node.optionalNode('offset')
    const skipped = offset ? ` OFFSET ${printExpression(offset, scope)}` : ''
    return `${rows} LIMIT ${limit}${skipped}`
  },
  SetOperationScan: printSetOperationScan,
  WithScan: printWithScan,
  WithRefScan: printWithRefScan,
  RecursiveScan: printRecursiveScan,
  RecursiveRefScan: printRecursiveRefScan,
}

function printTableScan(node: ResolvedNode, scope: Scope): string {
  node.ignore('alias')
  const columns = scanColumns(node)
  const time = node.optionalNode('forSystemTimeExpr')
  const relation = scope.context.relation({
    table: tableOfScan(node),
    columns: columns.map(({ name }) => name),
    ...(time && { systemTime: printExpression(time, scope) }),
  })
  const items = columns.map((column) => `${identifier(column.name)} AS ${columnName(column)}`)
  return `SELECT ${selectList(items)} FROM ${relation}`
}

/** The catalog gives each table its canonical name, however the statement spells it. */
export function tableOfScan(scan: ResolvedNode): TableReference {
  const { fullName } = scan.message('table') as { fullName: string }
  const [projectId = '', datasetId = '', ...rest] = fullName.split('.')
  return { projectId, datasetId, tableId: rest.join('.') }
}

function printProjectScan(node: ResolvedNode, scope: Scope): string {
  const inputScan = node.node('inputScan')
  const input = printFrom(inputScan, scope)
  const jsonPaths = newJsonPaths(scanColumns(inputScan))
  const computed = new Map(
    node.nodes('exprList').map((item) => {
      return [item.column().id, printExpression(item.node('expr'), { ...scope, jsonPaths })]
    }),
  )
  const items = scanColumns(node).map((column) => {
    const expression = computed.get(column.id)
    return expression === undefined
      ? columnReference(column, scope)
      : `${expression} AS ${columnName(column)}`
  })
  return `SELECT ${selectList([...new Set(items)])} FROM ${withJsonPaths(input, jsonPaths, scope)}`
}
