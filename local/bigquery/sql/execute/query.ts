import type { Field } from '../../catalog/resources.ts'
import { runForRows } from '../../database/result-rows.ts'
import type { Analysis } from '../analyzer/analyzer.ts'
import { fieldOfType } from '../analyzer/field-type.ts'
import type { Outcome } from './outcome.ts'
import type { PrintedColumn, TableRead } from '../printer/print.ts'
import { printQuery } from '../printer/query.ts'
import type { StatementResult } from '../sql-engine.ts'
import { onlyNeeded } from './reads/columns-read.ts'
import { estimateBytes } from './reads/estimate-bytes.ts'
import { planNode } from './reads/plan-node.ts'
import { printContext } from './print-context.ts'
import { referencedTables } from './reads/referenced-tables.ts'
import { prepareRelations } from './relations.ts'
import { requirePartitionFilters } from './reads/partition-filter.ts'
import type { Work } from './work.ts'

/** A query, ready to run. */
export type PreparedQuery = {
  sql: string
  columns: PrintedColumn[]
  fields: Field[]
  totalBytesProcessed: bigint
  referencedTables: StatementResult['referencedTables']
}

/** Prints the query of a statement that has one, and says what running it will read. */
export async function prepareQuery(
  work: Work,
  { statement, tables }: Analysis,
  { estimate = true } = {},
): Promise<PreparedQuery> {
  const reads: TableRead[] = []
  const relations = await prepareRelations(work, tables, reads)
  const context = printContext(work, relations)
  const { sql, columns } = printQuery(statement, context)
  const needed = estimate ? onlyNeeded(reads, planNode(statement.source), relations) : []
  const filtered = estimate ? requirePartitionFilters(statement, relations) : []
  return {
    sql,
    columns,
    fields: fieldsOf(columns),
    totalBytesProcessed: estimate
      ? await estimateBytes(work, { reads: needed, filtered, context })
      : 0n,
    referencedTables: referencedTables(relations),
  }
}

export async function runQuery(work: Work, analysis: Analysis): Promise<Outcome> {
  const prepared = await prepareQuery(work, analysis)
  const { sql, fields, totalBytesProcessed } = prepared
  const outcome = {
    statementType: 'SELECT',
    schema: fields,
    totalBytesProcessed,
    referencedTables: prepared.referencedTables,
  }
  if (work.session.request.dryRun) return outcome
  return { ...outcome, rows: await runForRows(work.connection, sql, fields) }
}

/** Of columns with the same name the second is called `name_1`, the third `name_2`. */
function fieldsOf(columns: PrintedColumn[]): Field[] {
  const seen = new Map<string, number>()
  return columns.map(({ name, type }) => {
    const count = seen.get(name.toLowerCase()) ?? 0
    seen.set(name.toLowerCase(), count + 1)
    return fieldOfType(count === 0 ? name : `${name}_${count}`, type)
  })
}
