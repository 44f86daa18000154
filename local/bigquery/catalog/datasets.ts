import { BigQueryError, notSupported } from '../bigquery-error.ts'
import { identifier, schemaName } from '../database/names.ts'
import type { Change } from './catalog.ts'
import { checkLabels } from './check-labels.ts'
import type { NewObject } from './catalog-draft.ts'
import { datasetKey } from './catalog-view.ts'
import { alreadyExists, nameOf, notFound } from './not-found.ts'
import type { Dataset, ProjectDataset } from './resources.ts'

export type CreateMode = 'create' | 'ifNotExists' | 'orReplace'

export async function createDataset(
  { connection, catalog }: Change,
  dataset: NewObject<Dataset>,
  { ifNotExists = false } = {},
): Promise<'CREATE' | 'SKIP'> {
  const reference = dataset.datasetReference
  requireDatasetId(reference.datasetId)
  requireSupported(dataset)
  if (catalog.hasDataset(reference)) {
    if (ifNotExists) return 'SKIP'
    throw alreadyExists(reference)
  }
  await connection.run(`CREATE SCHEMA ${identifier(schemaName(reference))}`)
  catalog.putDataset(dataset)
  return 'CREATE'
}

/** Refuses what would make names and texts the same that are not the same here. */
export function requireSupported(dataset: {
  defaultCollation?: unknown
  isCaseInsensitive?: unknown
  labels?: unknown
  maxTimeTravelHours?: unknown
  defaultTableExpirationMs?: unknown
}): void {
  checkLabels(dataset.labels)
  requireBounds(dataset)
  if (dataset.defaultCollation) throw notSupported('collation')
  if (dataset.isCaseInsensitive === true) {
    throw notSupported('datasets whose names do not tell upper from lower case')
  }
}

/** Refuses a dataset that still holds something, unless its contents may go too. */
export async function deleteDataset(
  { connection, catalog }: Change,
  reference: ProjectDataset,
  { ifExists = false, deleteContents = false } = {},
): Promise<'DROP' | 'SKIP'> {
  if (!catalog.hasDataset(reference)) {
    if (ifExists) return 'SKIP'
    throw notFound(reference)
  }
  const tables = catalog.tables(reference)
  const routines = catalog.routines(reference)
  if (tables.length + routines.length > 0 && !deleteContents) {
    throw new BigQueryError('resourceInUse', `Dataset ${nameOf(reference)} is still in use`)
  }
  await connection.run(`DROP SCHEMA ${identifier(schemaName(reference))} CASCADE`)
  for (const { tableReference } of tables) catalog.removeTable(tableReference)
  for (const version of catalog.tableVersions()) {
    if (datasetKey(version.reference) === datasetKey(reference)) catalog.removeVersion(version)
  }
  for (const { routineReference } of routines) catalog.removeRoutine(routineReference)
  catalog.removeDataset(reference)
  return 'DROP'
}

function requireDatasetId(id: string): void {
  if (/^[\w-]{1,1024}$/.test(id)) return
  throw new BigQueryError(
    'invalid',
    `Invalid dataset ID "${id}". Dataset IDs must be alphanumeric (plus underscores and dashes) and ` +
      'must be at most 1024 characters long.',
  )
}

const hourMs = 3_600_000

function requireBounds(dataset: {
  maxTimeTravelHours?: unknown
  defaultTableExpirationMs?: unknown
}): void {
  const hours = Number(dataset.maxTimeTravelHours ?? 48)
  if (hours < 48 || hours > 168 || hours % 24 > 0) {
    throw new BigQueryError(
      'invalid',
      `Invalid value for maxTimeTravelHours: ${hours}. It must be a multiple of 24 from 48 to 168.`,
    )
  }
  const expiry = Number(dataset.defaultTableExpirationMs ?? 0)
  // Nought takes the expiry away.
  if (expiry === 0 || !(expiry < hourMs)) return
  throw new BigQueryError(
    'invalid',
    `Invalid value for defaultTableExpirationMs: ${expiry}. It must be at least ${hourMs}, one hour.`,
  )
}
