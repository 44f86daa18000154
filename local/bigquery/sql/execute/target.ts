import { BigQueryError } from '../../bigquery-error.ts'
import type { CatalogView } from '../../catalog/catalog-view.ts'
import { nameOf } from '../../catalog/not-found.ts'
import type {
  ProjectDataset,
  RoutineReference,
  Table,
  TableReference,
} from '../../catalog/resources.ts'
import { tableOfPath } from '../analyzer/table-path.ts'
import { isInLocation } from './location.ts'
import type { Work } from './work.ts'

/** The table that a DDL statement names, in whatever way its parts are quoted. */
export function targetTable(work: Work, path: string[]): TableReference {
  const { request } = work.session
  const reference = tableOfPath(path, request)
  if (reference) {
    if (isInLocation(request, work.catalog, reference)) return reference
    const { projectId, datasetId } = reference
    const name = nameOf({ projectId, datasetId })
    const message = `Not found: Dataset ${name} was not found in location ${request.location}`
    throw new BigQueryError('notFound', message)
  }
  throw new BigQueryError(
    'invalid',
    `Table "${path.join('.')}" must be qualified with a dataset (e.g. dataset.table).`,
    { location: path.join('.') },
  )
}

export function targetRoutine(work: Work, path: string[]): RoutineReference {
  const { tableId, ...dataset } = targetTable(work, path)
  return { ...dataset, routineId: tableId }
}

export function targetDataset({ session: { request } }: Work, path: string[]): ProjectDataset {
  const parts = path.join('.').split('.')
  const [datasetId = '', projectId = request.projectId] = parts.toReversed()
  return { projectId, datasetId }
}

/** The table that the analyser calls by its full name, `project.dataset.table`. */
export function referenceOf(fullName: string): TableReference {
  const [projectId = '', datasetId = '', ...rest] = fullName.split('.')
  return { projectId, datasetId, tableId: rest.join('.') }
}

/** Refuses a statement about a table that is not there, in the words that statements have for it. */
export function existingTable(catalog: CatalogView, reference: TableReference): Table {
  const table = catalog.table(reference)
  if (table) return table
  const { projectId, datasetId } = reference
  const what = catalog.hasDataset({ projectId, datasetId })
    ? `Table ${nameOf(reference)}`
    : `Dataset ${nameOf({ projectId, datasetId })}`
  throw new BigQueryError(
    'notFound',
    `Not found: ${what} was not found in location ${catalog.location}`,
  )
}
