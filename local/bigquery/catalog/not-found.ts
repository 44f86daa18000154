import { BigQueryError } from '../bigquery-error.ts'
import type { ProjectDataset, RoutineReference, TableReference } from './resources.ts'

/** Names as BigQuery's messages write them: `project:dataset.table`. */
export function nameOf(reference: ProjectDataset | TableReference | RoutineReference): string {
  const dataset = `${reference.projectId}:${reference.datasetId}`
  if ('tableId' in reference) return `${dataset}.${reference.tableId}`
  return 'routineId' in reference ? `${dataset}.${reference.routineId}` : dataset
}

function kindOf(reference: ProjectDataset | TableReference | RoutineReference): string {
  if ('tableId' in reference) return 'Table'
  return 'routineId' in reference ? 'Routine' : 'Dataset'
}

export function notFound(
  reference: ProjectDataset | TableReference | RoutineReference,
): BigQueryError {
  return new BigQueryError('notFound', `Not found: ${kindOf(reference)} ${nameOf(reference)}`)
}

export function alreadyExists(
  reference: ProjectDataset | TableReference | RoutineReference,
): BigQueryError {
  return new BigQueryError('duplicate', `Already Exists: ${kindOf(reference)} ${nameOf(reference)}`)
}
