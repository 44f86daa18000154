import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { identifier, physicalName } from './duck-sql.ts'
import { printExpression } from './expressions.ts'
import { printMerge } from './merge.ts'
import { changedRows, type DmlTarget, type PrintContext, type PrintedDml } from './print.ts'
import { printFrom, printScan, scanColumns, tableOfScan } from './scans.ts'
import { columnReference, fresh, newScope, type Scope } from './scope.ts'
import { printUpdates } from './updates.ts'

/** A statement that changes a table's rows, with what must not be before it runs. */
export function printDml(statement: ResolvedNode, context: PrintContext): PrintedDml {
  const print = printers[statement.kind]
  if (!print) throw notSupported(statement.kind)
  const printed = print(statement, newScope(context))
  statement.assertRead()
  return printed
}

const printers: Record<string, ((node: ResolvedNode, scope: Scope) => PrintedDml) | undefined> = {
  InsertStmt: printInsert,
  UpdateStmt: printUpdate,
  DeleteStmt: printDelete,
  TruncateStmt: printTruncate,
  MergeStmt: printMerge,
}

/** The columns of the target are called by their own names, with the alias before them. */
export function nameTarget(scan: ResolvedNode, alias: string, scope: Scope): void {
  scan.ignore('columnList', 'alias')
  for (const { id, name } of scanColumns(scan)) {
    // The date of ingestion is no column of its own.
    const isDate = name.toUpperCase() === '_PARTITIONDATE'
    const stored = `${alias}.${identifier(isDate ? '_PARTITIONTIME' : name)}`
    scope.names.set(id, isDate ? `CAST(${stored} AS DATE)` : stored)
  }
}

/** What a column of the target keeps of a value that the statement gives it. */
export function printStoredValue(column: string, dmlValue: ResolvedNode, scope: Scope): string {
  const target = targetOfContext(scope)
  const value = dmlValue.node('value')
  if (value.kind !== 'Dmldefault') return target.storedValue(column, printExpression(value, scope))
  value.ignore('type', 'typeAnnotationMap')
  return target.defaultValue(column)
}

export function targetOfContext({ context }: Scope): DmlTarget {
  if (context.target) return context.target
  throw new Error('a statement that changes a table was printed without its target')
}

function printInsert(node: ResolvedNode, scope: Scope): PrintedDml {
  const scan = node.node('tableScan')
  nameTarget(scan, '_target', scope)
  const target = tableOfScan(scan)
  const { storedValue, unnamedColumns } = targetOfContext(scope)
  const names = node.columns('insertColumnList').map((column) => column.name)
  const unnamed = unnamedColumns(names)
  const columns = [...names, ...unnamed.map(({ name }) => name)].map(identifier)
  const rest = unnamed.map(({ value }) => value)
  const query = node.optionalNode('query')
  let source: string
  if (query) {
    node.ignore('queryParameterList')
    const from = printFrom(query, scope)
    const values = node
      .columns('queryOutputColumnList')
      .map((column, index) => storedValue(names[index] ?? '', columnReference(column, scope)))
    source = `SELECT ${[...values, ...rest].join(', ')} FROM ${from}`
  } else {
    const rows = node.nodes('rowList').map((row) => {
      const values = row
        .nodes('valueList')
        .map((value, index) => printStoredValue(names[index] ?? '', value, scope))
      return `(${[...values, ...rest].join(', ')})`
    })
    source = `VALUES ${rows.join(', ')}`
  }
  const sql = `INSERT INTO ${physicalName(target)} (${columns.join(', ')}) ${source}`
  return { kind: 'INSERT', target, sql }
}

function printUpdate(node: ResolvedNode, scope: Scope): PrintedDml {
  const scan = node.node('tableScan')
  nameTarget(scan, '_target', scope)
  const target = tableOfScan(scan)
  const fromScan = node.optionalNode('fromScan')
  const source = fromScan && printSource(fromScan, scope)
  const condition = printExpression(node.node('whereExpr'), scope)
  const updates = printUpdates(node.nodes('updateItemList'), scope)
  const name = physicalName(target)
  const update = `UPDATE ${name} AS _target SET ${updates}`
  if (!source) {
    return {
      kind: 'UPDATE',
      target,
      sql: `${update} WHERE ${isChanged}`,
      changed: matching(name, condition),
    }
  }
  const from = identifier(source.name)
  return {
    kind: 'UPDATE',
    target,
    sql: `${update} FROM ${from} WHERE ${condition}`,
    changed: matchedRows(`${name} AS _target, ${from} WHERE ${condition}`),
    source,
  }
}

/** What a statement takes its values from: read by its check and by itself, it is run only once. */
export function printSource(scan: ResolvedNode, scope: Scope): { name: string; sql: string } {
  const source = { name: fresh(scope, '_source'), sql: printScan(scan, scope) }
  // The target may have a column that is called as one of these.
  const names = scanColumns(scan).map(
    (column) => [column.id, columnReference(column, scope)] as const,
  )
  for (const [id, name] of names) scope.names.set(id, `${source.name}.${name}`)
  return source
}

/** The rows of the target that stand in this FROM clause, with how often each does. */
export function matchedRows(from: string): string {
  return `SELECT _target.rowid AS changed, count(*) AS matches FROM ${from} GROUP BY _target.rowid`
}

function matching(name: string, condition: string): string {
  return `SELECT _target.rowid AS changed, 1 AS matches FROM ${name} AS _target WHERE ${condition}`
}

/** The condition is evaluated once, whatever it draws at random. */
const isChanged = `_target.rowid IN (SELECT changed FROM ${changedRows})`

function printDelete(node: ResolvedNode, scope: Scope): PrintedDml {
  const scan = node.node('tableScan')
  if (node.has('arrayOffsetColumn')) throw notSupported('DELETE of array elements')
  nameTarget(scan, '_target', scope)
  const target = tableOfScan(scan)
  const condition = printExpression(node.node('whereExpr'), scope)
  return { kind: 'DELETE', target, ...removal(physicalName(target), condition) }
}

function printTruncate(node: ResolvedNode, scope: Scope): PrintedDml {
  const scan = node.node('tableScan')
  nameTarget(scan, '_target', scope)
  const target = tableOfScan(scan)
  const where = node.optionalNode('whereExpr')
  const name = physicalName(target)
  if (!where) return { kind: 'TRUNCATE', target, sql: `DELETE FROM ${name}` }
  return { kind: 'TRUNCATE', target, ...removal(name, printExpression(where, scope)) }
}

function removal(name: string, condition: string): Pick<PrintedDml, 'sql' | 'changed'> {
  return {
    sql: `DELETE FROM ${name} AS _target WHERE ${isChanged}`,
    changed: matching(name, condition),
  }
}
