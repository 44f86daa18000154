import { notSupported } from '../../bigquery-error.ts'
import { tableKey } from '../../catalog/catalog-view.ts'
import type { Table } from '../../catalog/resources.ts'
import { holdsRows } from '../../catalog/tables.ts'
import { ingestionTime } from '../../database/column-type.ts'
import { identifier } from '../../database/names.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import type { PrintContext, TableRead } from '../printer/print.ts'
import { printQuery } from '../printer/query.ts'
import { analyzeView } from './analyze.ts'
import { informationSchemaRelation, isInformationSchema } from './information-schema/tables.ts'
import { printContext } from './print-context.ts'
import { rowsOfRead } from './system-time.ts'
import { wildcardRelation } from './wildcard.ts'
import type { Work } from './work.ts'

/** A table as a statement reads it. */
export type Relation = {
  table: Table
  /** What stands in DuckDB's FROM. */
  sql(read: TableRead): string
  /** Of a view: its query, and what that reads. */
  view?: { query: ResolvedNode; relations: Relations }
}

/** By the table's key. */
export type Relations = ReadonlyMap<string, Relation>

/** Finds out what each of these tables is, and prints the views among them. */
export async function prepareRelations(
  work: Work,
  tables: Table[],
  reads: TableRead[],
  within: readonly string[] = [],
): Promise<Relations> {
  const relations = new Map<string, Relation>()
  for (const table of tables) {
    const key = tableKey(table.tableReference)
    if (within.includes(key)) throw notSupported(`a view that reads itself (${key})`)
    relations.set(key, await prepare(work, table, reads, [...within, key]))
  }
  return relations
}

async function prepare(
  work: Work,
  table: Table,
  reads: TableRead[],
  within: readonly string[],
): Promise<Relation> {
  const { tableReference, type } = table
  if (isInformationSchema(tableReference)) {
    const { sql, refuseColumns } = await informationSchemaRelation(work, tableReference)
    return {
      table,
      sql(read) {
        refuseColumns(read.columns)
        return onlyPresent(read, sql)
      },
    }
  }
  if (tableReference.tableId.endsWith('*')) {
    return {
      table,
      sql: (read) => noted(reads, read, wildcardRelation(tableReference, work.catalog)),
    }
  }
  if (holdsRows(type)) {
    return {
      table,
      sql(read) {
        reads.push(read)
        return storedRelation(table, rowsOfRead(work, table, read))
      },
    }
  }

  const text = table.view?.query ?? table.materializedView?.query ?? ''
  const { statement, tables } = await analyzeView(work, table, text)
  const relations = await prepareRelations(work, tables, reads, within)
  const context: PrintContext = printContext(work, relations)
  const printed = printQuery(statement, context)
  // A view keeps the columns that it was made with, under the names that it was given.
  const columns = table.schema.fields.map(({ name }, index) => `o${index} AS ${identifier(name)}`)
  const sql = `(SELECT ${columns.join(', ')} FROM (${printed.sql}))`
  return { table, sql: (read) => onlyPresent(read, sql), view: { query: statement, relations } }
}

function noted(reads: TableRead[], read: TableRead, sql: string): string {
  reads.push(read)
  return onlyPresent(read, sql)
}

function onlyPresent({ systemTime }: TableRead, sql: string): string {
  if (systemTime === undefined) return sql
  throw notSupported('FOR SYSTEM_TIME AS OF')
}

function storedRelation(table: Table, rows: string): string {
  const { timePartitioning } = table
  if (!timePartitioning || timePartitioning.field !== undefined) return rows
  return `(SELECT *, CAST(${identifier(ingestionTime)} AS DATE) AS "_PARTITIONDATE" FROM ${rows})`
}
