import { notSupported } from '../../../bigquery-error.ts'
import type { Table } from '../../../catalog/resources.ts'
import { refuseRowAccess } from '../../../catalog/row-access.ts'
import { requireType } from '../../../catalog/tables.ts'
import type { Analysis } from '../../analyzer/analyzer.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import {
  addColumn,
  dropColumn,
  fillAddedArrays,
  renameColumn,
  renameTable,
} from './alter-columns.ts'
import { alterColumn } from './alter-column.ts'
import { numberOption, readOptions } from './options.ts'
import { outcomeOf, type Outcome } from '../outcome.ts'
import { addConstraint, dropConstraint, dropPrimaryKey, refuseConstraints } from './constraints.ts'
import {
  materializedViewOptions,
  refreshSettings,
  removedSettings,
  tableOptions,
  tableSettings,
  viewOptions,
} from './table-options.ts'
import { existingTable, targetTable } from '../target.ts'
import type { WriteWork } from '../work.ts'

/** ALTER TABLE: its actions one after another, all of them or none. */
export async function alterTable(work: WriteWork, { statement }: Analysis): Promise<Outcome> {
  return await alter(work, statement, 'TABLE', async (action, table) => {
    switch (action.kind) {
      case 'SetOptionsAction':
        return await setOptions(work, action, table, tableOptions)
      case 'AddColumnAction':
        return await addColumn(work, action, table)
      case 'AddConstraintAction':
        return addConstraint(work, action, table)
      case 'DropPrimaryKeyAction':
        return dropPrimaryKey(action, table)
      case 'DropConstraintAction':
        return dropConstraint(action, table)
      case 'DropColumnAction':
        refuseConstraints(table, 'DROP COLUMN of')
        refuseRowAccess(table, 'DROP COLUMN of')
        return await dropColumn(work, action, table)
      case 'RenameColumnAction':
        refuseConstraints(table, 'RENAME COLUMN of')
        refuseRowAccess(table, 'RENAME COLUMN of')
        return await renameColumn(work, action, table)
      case 'RenameToAction':
        return await renameTable(work, action, table)
      default:
        refuseRowAccess(table, 'ALTER COLUMN of')
        return await alterColumn(work, action, table)
    }
  })
}

export async function alterView(work: WriteWork, { statement }: Analysis): Promise<Outcome> {
  return await alter(work, statement, 'VIEW', async (action, view) => {
    if (action.kind === 'SetOptionsAction') return await setOptions(work, action, view, viewOptions)
    throw notSupported(`ALTER VIEW with ${action.kind}`)
  })
}

export async function alterMaterializedView(
  work: WriteWork,
  { statement }: Analysis,
): Promise<Outcome> {
  return await alter(work, statement, 'MATERIALIZED_VIEW', async (action, view) => {
    if (action.kind !== 'SetOptionsAction') {
      throw notSupported(`ALTER MATERIALIZED VIEW with ${action.kind}`)
    }
    const options = await readOptions(work, action, materializedViewOptions)
    const { query = '', ...refresh } = view.materializedView ?? {}
    const materializedView = { query, ...refresh, ...refreshSettings(options) }
    return { ...view, ...tableSettings(options), materializedView }
  })
}

async function alter(
  work: WriteWork,
  statement: ResolvedNode,
  type: 'TABLE' | 'VIEW' | 'MATERIALIZED_VIEW',
  apply: (action: ResolvedNode, table: Table) => Promise<Table>,
): Promise<Outcome> {
  const reference = targetTable(work, statement.texts('namePath'))
  const statementType = `ALTER_${type}`
  const isMissing = !work.catalog.table(reference)
  if (statement.flag('isIfExists') && isMissing) {
    return outcomeOf(statementType, { ddlOperationPerformed: 'SKIP', ddlTargetTable: reference })
  }
  const before = existingTable(work.catalog, reference)
  requireType(before, [type])
  let table = before
  for (const action of statement.nodes('alterActionList')) table = await apply(action, table)
  statement.assertRead()
  await fillAddedArrays(work, before, table)
  work.change.catalog.putTable(table)
  return outcomeOf(statementType, { ddlOperationPerformed: 'ALTER', ddlTargetTable: reference })
}

async function setOptions(
  work: WriteWork,
  action: ResolvedNode,
  table: Table,
  known: string[],
): Promise<Table> {
  const options = await readOptions(work, action, known)
  const altered: Table = { ...table, ...tableSettings(options) }
  for (const name of removedSettings(options)) delete altered[name]
  const { timePartitioning } = table
  if (!options.has('partition_expiration_days') || !timePartitioning) return altered

  const days = numberOption(options, 'partition_expiration_days')
  const { expirationMs: _, ...rest } = timePartitioning
  const expirationMs = days === undefined ? undefined : String(Math.round(days * 86_400_000))
  return { ...altered, timePartitioning: { ...rest, ...(expirationMs && { expirationMs }) } }
}
