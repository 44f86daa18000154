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
}): void {
  checkLabels(dataset.labels)
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
