import { notSupported } from '../../../bigquery-error.ts'
import { deleteDataset } from '../../../catalog/datasets.ts'
import type { TableType } from '../../../catalog/resources.ts'
import { dropTable, requireType } from '../../../catalog/tables.ts'
import type { Analysis } from '../../analyzer/analyzer.ts'
import { outcomeOf, type Outcome } from '../outcome.ts'
import { dropRoutine } from './drop-routine.ts'
import { existingTable, targetDataset, targetTable } from '../target.ts'
import type { WriteWork } from '../work.ts'

/** DROP of whatever the statement says. */
export async function drop(work: WriteWork, { statement }: Analysis): Promise<Outcome> {
  const path = statement.texts('namePath')
  const ifExists = statement.flag('isIfExists')
  const cascade = statement.text('dropMode') === 'CASCADE'
  const type = statement.text('objectType').toUpperCase()
  statement.assertRead()
  switch (type) {
    case 'SCHEMA':
      return await dropSchema(work, path, { ifExists, deleteContents: cascade })
    case 'TABLE':
      return await dropTableOf(work, path, { ifExists, type: 'TABLE' })
    case 'VIEW':
      return await dropTableOf(work, path, { ifExists, type: 'VIEW' })
    case 'PROCEDURE':
      return await dropRoutine(work, path, { ifExists, type: 'PROCEDURE' })
    default:
      throw notSupported(`DROP ${type}`)
  }
}

export async function dropMaterializedView(
  work: WriteWork,
  { statement }: Analysis,
): Promise<Outcome> {
  const path = statement.texts('namePath')
  const ifExists = statement.flag('isIfExists')
  statement.assertRead()
  return await dropTableOf(work, path, { ifExists, type: 'MATERIALIZED_VIEW' })
}

export async function dropSnapshotTable(
  work: WriteWork,
  { statement }: Analysis,
): Promise<Outcome> {
  const path = statement.texts('namePath')
  const ifExists = statement.flag('isIfExists')
  statement.assertRead()
  return await dropTableOf(work, path, { ifExists, type: 'SNAPSHOT' })
}

async function dropSchema(
  work: WriteWork,
  path: string[],
  options: { ifExists: boolean; deleteContents: boolean },
): Promise<Outcome> {
  const ddlTargetDataset = targetDataset(work, path)
  const ddlOperationPerformed = await deleteDataset(work.change, ddlTargetDataset, options)
  return outcomeOf('DROP_SCHEMA', { ddlOperationPerformed, ddlTargetDataset })
}

async function dropTableOf(
  work: WriteWork,
  path: string[],
  { ifExists, type }: { ifExists: boolean; type: TableType },
): Promise<Outcome> {
  const { session, change, catalog } = work
  const temporary =
    path.length === 1 ? session.temporaryTables.get(path.join().toLowerCase()) : undefined
  const reference = temporary ?? targetTable(work, path)
  const table = catalog.table(reference)
  const statementType = type === 'SNAPSHOT' ? 'DROP_SNAPSHOT_TABLE' : `DROP_${type}`
  if (!table && ifExists) {
    return outcomeOf(statementType, { ddlOperationPerformed: 'SKIP', ddlTargetTable: reference })
  }
  requireType(existingTable(catalog, reference), [type])
  await dropTable(change, reference)
  if (temporary) session.temporaryTables.delete(path.join().toLowerCase())
  return outcomeOf(statementType, { ddlOperationPerformed: 'DROP', ddlTargetTable: reference })
}
