import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import { rowsOfVersion, versionOfSnapshot } from '../../../catalog/snapshots.ts'
import type { Table } from '../../../catalog/resources.ts'
import { refuseRowAccess } from '../../../catalog/row-access.ts'
import { livingRows } from '../../../database/expired-partitions.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { readSnapshot } from '../system-time.ts'
import { existingTable, referenceOf } from '../target.ts'
import type { WriteWork } from '../work.ts'

export type CopiedTable = {
  /** As it is, or as it was at the time that the statement names. */
  table: Table
  /** DuckDB's relation of its rows; to be asked for once the copy is there, which may replace it. */
  rows(): string
  /** The moment of the copy, in milliseconds since the epoch. */
  time: number
}

/** The table of CLONE or COPY; what else its scan may say is refused. */
export async function copiedTable(work: WriteWork, scan: ResolvedNode): Promise<CopiedTable> {
  if (scan.kind !== 'TableScan') throw notSupported('a copy of what is no table')
  const { fullName } = scan.message('table') as { fullName: string }
  const expression = scan.optionalNode('forSystemTimeExpr')
  scan.ignore('columnList', 'alias')
  const { catalog } = work
  const table = existingTable(catalog, referenceOf(fullName))
  if (table.type !== 'TABLE' && table.type !== 'SNAPSHOT') {
    const message = `${fullName} cannot be copied: it is a ${table.type}.`
    throw new BigQueryError('invalidQuery', message, { location: 'query' })
  }
  refuseRowAccess(table, 'a copy of')
  if (!expression) {
    return { table, rows: () => livingRows(table, catalog.now()), time: catalog.now() }
  }
  const snapshot = await readSnapshot(work, expression)
  expression.assertRead()
  const then = versionOfSnapshot(catalog, table, snapshot).ended?.table ?? table
  refuseRowAccess(then, 'a copy of')
  return {
    table: then,
    rows: () => rowsOfVersion(versionOfSnapshot(catalog, then, snapshot), then, snapshot),
    time: Number(snapshot.time / 1000n),
  }
}
