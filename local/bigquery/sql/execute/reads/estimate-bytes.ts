import { tableKey } from '../../../catalog/catalog-view.ts'
import type { Field, Table } from '../../../catalog/resources.ts'
import { logicalBytes } from '../../../database/logical-size.ts'
import { runForValues } from '../../../database/result-rows.ts'
import type { PrintContext, TableRead } from '../../printer/print.ts'
import { requireAllowance } from './billed-bytes.ts'
import { partitionsRead } from './partition-pruning.ts'
import type { FilteredRead } from './pushed-filters.ts'
import { rowsOfRead } from '../system-time.ts'
import { matching } from '../wildcard.ts'
import type { Work } from '../work.ts'

/** What a statement reads: columns as the printer saw them, conditions as they reach the tables. */
export type Reading = { reads: TableRead[]; filtered: FilteredRead[]; context: PrintContext }

/** BigQuery's logical size of the columns that a statement reads, each table once; no more than the request allows. */
export async function estimateBytes(work: Work, reading: Reading): Promise<bigint> {
  const columns = new Map<string, { read: TableRead; names: Set<string> }>()
  for (const read of reading.reads) {
    const key = `${tableKey(read.table)} ${read.systemTime ?? ''}`
    const known = columns.get(key) ?? { read, names: new Set() }
    for (const name of read.columns) known.names.add(name.toLowerCase())
    columns.set(key, known)
  }
  let total = 0n
  for (const { read, names } of columns.values()) {
    const stored = work.catalog.table(read.table)
    const tables = stored ? [stored] : matching(read.table, work.catalog)
    for (const table of tables) total += await bytesOf(work, { ...read, table }, names, reading)
  }
  requireAllowance(work.session.request, total, columns.size)
  return total
}

async function bytesOf(
  work: Work,
  { table, systemTime }: { table: Table; systemTime?: string },
  names: ReadonlySet<string>,
  { filtered, context }: Reading,
): Promise<bigint> {
  const fields = table.schema.fields.filter(({ name }) => names.has(name.toLowerCase()))
  if (fields.length === 0) return 0n
  const key = tableKey(table.tableReference)
  const readings = filtered.filter((read) => tableKey(read.table.tableReference) === key)
  const partitions = partitionsRead(readings, table, context)
  const rows = rowsOfRead(work, table, { systemTime })
  const from = partitions === undefined ? rows : `${rows} WHERE ${partitions}`
  const sizes = await sizesOf(work, fields, { from, etag: table.etag })
  return sizes.reduce((sum, size) => sum + size, 0n)
}

/** Counted once for each state of a table: its etag changes with the rows, but not within a transaction. */
async function sizesOf(
  { session, connection }: Work,
  fields: Field[],
  { from, etag }: { from: string; etag: string },
): Promise<bigint[]> {
  const known = session.transaction ? new Map<string, bigint>() : session.parts.columnSizes
  const keyOf = ({ name }: Field): string => `${etag} ${name} ${from}`
  const unknown = fields.filter((field) => !known.has(keyOf(field)))
  if (unknown.length > 0) {
    const sizes = unknown.map((field) => `CAST(${logicalBytes(field)} AS BIGINT)`).join(', ')
    const [counted = []] = await runForValues(connection, `SELECT ${sizes} FROM ${from}`)
    if (known.size > 10_000) known.clear()
    unknown.forEach((field, index) => known.set(keyOf(field), BigInt(String(counted[index] ?? 0))))
  }
  return fields.map((field) => known.get(keyOf(field)) ?? 0n)
}
