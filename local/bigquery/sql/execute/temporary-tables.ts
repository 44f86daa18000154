import { BigQueryError } from '../../bigquery-error.ts'
import type { Catalog } from '../../catalog/catalog.ts'
import { createDataset, deleteDataset } from '../../catalog/datasets.ts'
import type { TableReference } from '../../catalog/resources.ts'
import { temporaryDataset, type Session } from './session.ts'
import type { WriteWork } from './work.ts'

/** Names a temporary table of the session and sees to it that there is a place for it. */
export async function createTemporaryDataset(
  { session, change }: WriteWork,
  path: string[],
): Promise<TableReference> {
  const [tableId, schema = '_SESSION', ...rest] = path.toReversed()
  if (tableId === undefined || schema.toUpperCase() !== '_SESSION' || rest.length > 0) {
    throw new BigQueryError(
      'invalidQuery',
      `Temporary tables may not be qualified: ${path.join('.')}`,
      { location: 'query' },
    )
  }
  const datasetReference = temporaryDataset(session)
  const { location } = session.request
  await createDataset(change, { datasetReference, location }, { ifNotExists: true })
  return { ...datasetReference, tableId }
}

/** Temporary tables end with their script. */
export async function dropTemporaryTables(session: Session): Promise<void> {
  const dataset = temporaryDataset(session)
  if (!session.parts.catalog.current.hasDataset(dataset)) return
  await session.parts.catalog.write((change) =>
    deleteDataset(change, dataset, { ifExists: true, deleteContents: true }),
  )
}

/** Removes what scripts left behind whose process was killed. */
export async function dropLeftTemporaryTables(catalog: Catalog): Promise<void> {
  const left = catalog.current
    .hiddenDatasets()
    .filter(({ datasetReference }) => datasetReference.datasetId.startsWith('_script_'))
  if (left.length === 0) return
  await catalog.write(async (change) => {
    for (const { datasetReference } of left) {
      await deleteDataset(change, datasetReference, { deleteContents: true })
    }
  })
}
