import type { Field } from '../../catalog/resources.ts'
import { logicalBytes } from '../../database/logical-size.ts'
import { tableName } from '../../database/names.ts'
import { runForValues } from '../../database/result-rows.ts'
import { tableKey } from '../../catalog/catalog-view.ts'
import type { TableRead } from '../printer/print.ts'
import { matching } from './wildcard.ts'
import type { Work } from './work.ts'

/** BigQuery's logical size of the columns that a statement reads, each table once. */
export async function estimateBytes(work: Work, reads: TableRead[]): Promise<bigint> {
  const columns = new Map<string, { read: TableRead; names: Set<string> }>()
  for (const read of reads) {
    const key = tableKey(read.table)
    const known = columns.get(key) ?? { read, names: new Set() }
    for (const name of read.columns) known.names.add(name.toLowerCase())
    columns.set(key, known)
  }
  let total = 0n
  for (const { read, names } of columns.values()) total += await bytesOf(work, read, names)
  return total
}

async function bytesOf(
  { connection, catalog }: Work,
  { table: reference }: TableRead,
  names: ReadonlySet<string>,
): Promise<bigint> {
  const stored = catalog.table(reference)
  const tables = stored ? [stored] : matching(reference, catalog)
  let total = 0n
  for (const { tableReference, schema } of tables) {
    const read = schema.fields.filter(({ name }) => names.has(name.toLowerCase()))
    if (read.length === 0) continue
    const sizes = read.map((field: Field) => logicalBytes(field)).join(' + ')
    const [[size] = []] = await runForValues(
      connection,
      `SELECT coalesce(CAST(${sizes} AS BIGINT), 0) FROM ${tableName(tableReference)}`,
    )
    total += typeof size === 'bigint' ? size : 0n
  }
  return total
}
