import type { WriteDisposition } from '../jobs/dispositions.ts'
import { BigQueryError, notSupported } from '../bigquery-error.ts'
import { commitColumn } from '../database/commits.ts'
import { literal, tableName } from '../database/names.ts'
import { partitionId } from '../database/partition-id.ts'
import { timeOfPartition } from '../database/partition-time.ts'
import { runForValues } from '../database/result-rows.ts'
import type { Change } from './catalog.ts'
import type { NewObject } from './catalog-draft.ts'
import { alreadyExists, nameOf } from './not-found.ts'
import type { Table, TableReference } from './resources.ts'
import { removeRows } from './table-history.ts'

/** A table as requests name it: `t$20250208` is one partition of it. */
export type PartOfTable = { reference: TableReference; partition?: string }

export function withoutDecorator(reference: TableReference): PartOfTable {
  const [, tableId, partition] = /^([^$]+)\$(.*)$/.exec(reference.tableId) ?? []
  if (tableId === undefined || partition === undefined) return { reference }
  return { reference: { ...reference, tableId }, partition }
}

export function withDecorator(
  reference: TableReference,
  partition: string | undefined,
): TableReference {
  if (partition === undefined) return reference
  return { ...reference, tableId: `${reference.tableId}$${partition}` }
}

/** One partition of a table, to read or to write. */
export type Partition = {
  id: string
  /** DuckDB's condition for its rows. */
  condition: string
  /** Of a table that is partitioned by ingestion time: the time of the rows, in microseconds. */
  time?: bigint
}

/** The partition of a decorator, or BigQuery's refusal of one that the table cannot have. */
export function partitionOf(table: NewObject<Table>, id: string): Partition {
  const { timePartitioning, rangePartitioning, tableReference } = table
  const expression = partitionId(table)
  if (expression === undefined) {
    throw invalid(`There is no partition ${id}: ${nameOf(tableReference)} is not partitioned.`)
  }
  if (id.startsWith('_')) throw notSupported(`naming the partition ${id}`)
  const condition = `${expression} = ${literal(id)}`
  if (rangePartitioning) {
    if (/^-?\d+$/.test(id)) return { id, condition }
    throw unknown(tableReference, id)
  }
  const time = timePartitioning && timeOfPartition(timePartitioning.type, id)
  if (time === undefined) throw unknown(tableReference, id)
  return { id, condition, ...(timePartitioning?.field === undefined && { time }) }
}

/** Empties a partition, or refuses one that is not empty, as the disposition says. */
export async function preparePartition(
  change: Change,
  table: Table,
  { partition, writeDisposition }: { partition: string; writeDisposition: WriteDisposition },
): Promise<Partition> {
  const { connection } = change
  const { tableReference } = table
  const known = partitionOf(table, partition)
  if (writeDisposition === 'WRITE_APPEND') return known
  if (writeDisposition !== 'WRITE_EMPTY') {
    await removeRows(change, table, known.condition)
    return known
  }
  const rows = `SELECT 1 FROM ${tableName(tableReference)} WHERE ${known.condition} LIMIT 1`
  const found = await runForValues(connection, rows)
  if (found.length === 0) return known
  throw alreadyExists(withDecorator(tableReference, partition))
}

/** Refuses rows of this change that belong elsewhere: rows of a column's partition must lie in it. */
export async function requireRowsInPartition(
  { connection, commit }: Change,
  { tableReference }: NewObject<Table>,
  { id, condition }: Partition,
): Promise<void> {
  const elsewhere = await runForValues(
    connection,
    `SELECT 1 FROM ${tableName(tableReference)} ` +
      `WHERE "${commitColumn}" = ${commit} AND NOT (${condition}) LIMIT 1`,
  )
  if (elsewhere.length === 0) return
  throw invalid(`Some rows belong to different partitions rather than destination partition ${id}`)
}

function unknown(table: TableReference, id: string): BigQueryError {
  return invalid(`Invalid partition id "${id}" of table ${nameOf(table)}.`)
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalid', message)
}
