import { BigQueryError } from '../bigquery-error.ts'
import type { CatalogView } from './catalog-view.ts'
import { notFound } from './not-found.ts'
import type { Table, TableReference } from './resources.ts'

/** A table that must be there, or BigQuery's 404 of the table or of its dataset. */
export function existing(catalog: CatalogView, reference: TableReference): Table {
  const table = catalog.table(reference)
  if (table) return table
  const { projectId, datasetId } = reference
  const dataset = { projectId, datasetId }
  throw catalog.hasDataset(dataset) ? notFound(reference) : notFound(dataset)
}

/** A table that rows can be added to. */
export function existingForRows(catalog: CatalogView, reference: TableReference): Table {
  const table = existing(catalog, reference)
  if (table.type === 'TABLE' || table.type === 'CLONE') return table
  throw new BigQueryError('invalid', `Cannot add rows to a table of type ${table.type}.`)
}
