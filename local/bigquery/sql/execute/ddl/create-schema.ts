import { notSupported } from '../../../bigquery-error.ts'
import { createDataset, requireSupported } from '../../../catalog/datasets.ts'
import { notFound } from '../../../catalog/not-found.ts'
import type { Dataset } from '../../../catalog/resources.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { createModeOf } from './create-mode.ts'
import {
  flagOption,
  labelsOption,
  numberOption,
  readOptions,
  textOption,
  type Options,
} from './options.ts'
import { outcomeOf, type Outcome } from '../outcome.ts'
import { targetDataset } from '../target.ts'
import type { WriteWork } from '../work.ts'

const datasetOptions = [
  'description',
  'friendly_name',
  'labels',
  'location',
  'default_table_expiration_days',
  'default_partition_expiration_days',
  'max_time_travel_hours',
  'is_case_insensitive',
  'storage_billing_model',
]

export async function createSchema(work: WriteWork, statement: ResolvedNode): Promise<Outcome> {
  const reference = targetDataset(work, statement.texts('namePath'))
  const mode = createModeOf(statement)
  const options = await readOptions(work, statement, datasetOptions)
  statement.assertRead()
  if (mode === 'orReplace') throw notSupported('CREATE OR REPLACE SCHEMA')

  const location = textOption(options, 'location') ?? work.session.request.location
  const operation = await createDataset(
    work.change,
    {
      datasetReference: reference,
      location: location || work.catalog.location,
      ...datasetSettings(options),
    },
    { ifNotExists: mode === 'ifNotExists' },
  )
  return outcomeOf('CREATE_SCHEMA', {
    ddlOperationPerformed: operation,
    ddlTargetDataset: reference,
  })
}

export async function alterSchema(work: WriteWork, statement: ResolvedNode): Promise<Outcome> {
  const reference = targetDataset(work, statement.texts('namePath'))
  const ifExists = statement.flag('isIfExists')
  const settings: Partial<Dataset> = {}
  for (const action of statement.nodes('alterActionList')) {
    if (action.kind !== 'SetOptionsAction') throw notSupported(`ALTER SCHEMA with ${action.kind}`)
    const options = await readOptions(work, action, datasetOptions)
    Object.assign(settings, datasetSettings(options))
  }
  statement.assertRead()
  const dataset = work.catalog.dataset(reference)
  if (!dataset && ifExists) {
    return outcomeOf('ALTER_SCHEMA', { ddlOperationPerformed: 'SKIP', ddlTargetDataset: reference })
  }
  if (!dataset) throw notFound(reference)
  requireSupported(settings)
  work.change.catalog.putDataset({ ...dataset, ...settings })
  return outcomeOf('ALTER_SCHEMA', { ddlOperationPerformed: 'ALTER', ddlTargetDataset: reference })
}

const dayMs = 86_400_000

function datasetSettings(options: Options): Partial<Dataset> {
  const tableDays = numberOption(options, 'default_table_expiration_days')
  const partitionDays = numberOption(options, 'default_partition_expiration_days')
  const hours = numberOption(options, 'max_time_travel_hours')
  const settings = {
    description: textOption(options, 'description'),
    friendlyName: textOption(options, 'friendly_name'),
    labels: labelsOption(options, 'labels'),
    defaultTableExpirationMs: tableDays === undefined ? undefined : String(tableDays * dayMs),
    defaultPartitionExpirationMs:
      partitionDays === undefined ? undefined : String(partitionDays * dayMs),
    maxTimeTravelHours: hours === undefined ? undefined : String(hours),
    isCaseInsensitive: flagOption(options, 'is_case_insensitive'),
    storageBillingModel: textOption(options, 'storage_billing_model'),
  }
  return onlyGiven(settings)
}

/** Without the members that are undefined. */
function onlyGiven<T extends object>(object: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>
  }
}
