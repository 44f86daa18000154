import { createTable } from '../../../catalog/tables.ts'
import type { Analysis } from '../../analyzer/analyzer.ts'
import { copiedTable } from './copied-table.ts'
import { copyRows } from './copy-rows.ts'
import { createModeOf } from './create-mode.ts'
import { readOptions } from './options.ts'
import { outcomeOf, type Outcome } from '../outcome.ts'
import { tableSettings } from './table-options.ts'
import { targetTable } from '../target.ts'
import type { WriteWork } from '../work.ts'

const snapshotOptions = ['description', 'friendly_name', 'labels', 'expiration_timestamp']

/** CREATE SNAPSHOT TABLE: the rows as they are, or were at the time that is asked for; for reading only. */
export async function createSnapshotTable(
  work: WriteWork,
  { statement }: Analysis,
): Promise<Outcome> {
  const { table: source, rows, time } = await copiedTable(work, statement.node('cloneFrom'))
  const options = await readOptions(work, statement, snapshotOptions)
  const tableReference = targetTable(work, statement.texts('namePath'))
  const mode = createModeOf(statement)
  statement.ignore('createScope')
  statement.assertRead()
  const { schema, location, timePartitioning, rangePartitioning, clustering } = source
  const ddlOperationPerformed = await createTable(
    work.change,
    {
      tableReference,
      type: 'SNAPSHOT',
      location,
      schema,
      ...(timePartitioning && { timePartitioning }),
      ...(rangePartitioning && { rangePartitioning }),
      ...(clustering && { clustering }),
      ...tableSettings(options),
      snapshotDefinition: {
        baseTableReference: source.tableReference,
        snapshotTime: new Date(time).toISOString(),
      },
    },
    mode,
  )
  if (ddlOperationPerformed !== 'SKIP') {
    await copyRows(work, rows(), tableReference)
  }
  return outcomeOf('CREATE_SNAPSHOT_TABLE', {
    ddlOperationPerformed,
    ddlTargetTable: tableReference,
  })
}
