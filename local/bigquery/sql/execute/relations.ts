import { notSupported } from '../../bigquery-error.ts'
import { tableKey } from '../../catalog/catalog-view.ts'
import type { Table } from '../../catalog/resources.ts'
import { localUser, refuseRowAccess, rowFilters } from '../../catalog/row-access.ts'
import { holdsRows } from '../../catalog/tables.ts'
import { ingestionTime } from '../../database/column-type.ts'
import { identifier } from '../../database/names.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import type { PrintContext, TableRead } from '../printer/print.ts'
import { printCondition, printQuery } from '../printer/query.ts'
import { analyzeView } from './analyze.ts'
import { informationSchemaRelation, isInformationSchema } from './information-schema/tables.ts'
import { noRelations, printContext } from './print-context.ts'
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
      sql: (read) => noted(reads, read, wildcardRelation(table, read, work.catalog)),
    }
  }
  if (holdsRows(type)) {
    const filter = await rowFilter(work, table)
    return {
      table,
      sql(read) {
        if (read.systemTime !== undefined) refuseRowAccess(table, 'FOR SYSTEM_TIME AS OF of')
        reads.push(read)
        const rows = storedRelation(table, rowsOfRead(work, table, read))
        return filter === undefined ? rows : `(SELECT * FROM ${rows} WHERE ${filter})`
      },
    }
  }

  const text = table.view?.query ?? table.materializedView?.query ?? ''
  const { statement, tables } = await analyzeView(work, table, text)
  const relations = await prepareRelations(work, tables, reads, within)
  if (type === 'MATERIALIZED_VIEW') {
    for (const base of tables) refuseRowAccess(base, 'a materialized view of')
  }
  const context: PrintContext = printContext(work, relations)
  const printed = printQuery(statement, context)
  // A view keeps the columns that it was made with, under the names that it was given.
  const columns = table.schema.fields.map(({ name }, index) => `o${index} AS ${identifier(name)}`)
  const sql = `(SELECT ${columns.join(', ')} FROM (${printed.sql}))`
  return { table, sql: (read) => onlyPresent(read, sql), view: { query: statement, relations } }
}

/** DuckDB's condition for the rows that the caller may see; undefined where those are all. */
async function rowFilter(work: Work, table: Table): Promise<string | undefined> {
  const filters = rowFilters(table, work.session.request.caller ?? localUser)
  if (filters === undefined || filters.length === 0) return filters && 'false'
  const { projectId, datasetId, tableId } = table.tableReference
  const condition = filters.map((filter) => `(${filter}\n)`).join(' OR ')
  const query = `SELECT 1 FROM \`${projectId}.${datasetId}.${tableId}\` WHERE ${condition}`
  const { statement } = await analyzeView(work, table, query)
  return printCondition(statement, printContext(work, noRelations))
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
