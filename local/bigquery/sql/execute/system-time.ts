import { DuckDBTimestampTZValue } from '@duckdb/node-api'
import { notSupported } from '../../bigquery-error.ts'
import { nameOf } from '../../catalog/not-found.ts'
import type { Table } from '../../catalog/resources.ts'
import { refuseRowAccess } from '../../catalog/row-access.ts'
import { rowsOfVersion, versionOfSnapshot, type Snapshot } from '../../catalog/snapshots.ts'
import { hasSameColumns } from '../../catalog/table-version.ts'
import { commitAt } from '../../database/commits.ts'
import { livingRows } from '../../database/expired-partitions.ts'
import { runForValues } from '../../database/result-rows.ts'
import { ResolvedNode } from '../analyzer/resolved-node.ts'
import { printConstantExpression } from '../printer/query.ts'
import { childOf, nodesIn } from './reads/plan-node.ts'
import { noRelations, printContext } from './print-context.ts'
import type { Work } from './work.ts'

/** By the SQL of the time, as the printer writes it. */
export type Snapshots = Map<string, Snapshot>

/** Finds out which moments a statement asks for: they are constants, and must be known before it is printed. */
export async function noteSnapshots(work: Work, { source }: ResolvedNode): Promise<void> {
  for (const node of nodesIn(source)) {
    const expression = childOf(node, 'forSystemTimeExpr')
    if (!expression) continue
    await readSnapshot(work, new ResolvedNode(expression.message, expression.kind))
  }
}

/** The moment that an expression stands for. */
export async function readSnapshot(work: Work, expression: ResolvedNode): Promise<Snapshot> {
  const sql = printConstantExpression(expression, printContext(work, noRelations))
  const known = work.snapshots.get(sql)
  if (known) return known
  const [[value] = []] = await runForValues(work.connection, `SELECT ${sql}`)
  if (!(value instanceof DuckDBTimestampTZValue)) {
    throw notSupported('FOR SYSTEM_TIME AS OF NULL')
  }
  const snapshot = { time: value.micros, commit: await commitAt(work.connection, value.micros) }
  work.snapshots.set(sql, snapshot)
  return snapshot
}

/** DuckDB's relation of what a query reads of a table: its rows now, or as they were. */
export function rowsOfRead(
  work: Work,
  table: Table,
  { systemTime }: { systemTime?: string | undefined },
): string {
  if (systemTime === undefined) return livingRows(table, work.catalog.now())
  const snapshot = work.snapshots.get(systemTime)
  if (!snapshot) throw notSupported('FOR SYSTEM_TIME AS OF an expression that is not constant')
  const version = versionOfSnapshot(work.catalog, table, snapshot)
  // Which columns such a query sees is not documented, so that none is better than a wrong one.
  if (version.ended) refuseRowAccess(version.ended.table, 'FOR SYSTEM_TIME AS OF of')
  if (version.ended && !hasSameColumns(version.ended.table, table)) throw otherColumns(table)
  return rowsOfVersion(version, table, snapshot)
}

function otherColumns({ tableReference }: Table) {
  return notSupported(
    `FOR SYSTEM_TIME AS OF a time at which ${nameOf(tableReference)} had other columns`,
  )
}
