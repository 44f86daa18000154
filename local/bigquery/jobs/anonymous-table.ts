import type { TableReference } from '../catalog/resources.ts'
import type { Job, JobReference } from './job.ts'
import type { JobStore } from './job-store.ts'

/** Hidden, as BigQuery hides datasets whose names begin so. */
const datasetId = '_results'
const prefix = 'anon_'

/** The table that a query without a destination names as the place of its result. */
export function anonymousTable({ projectId, jobId }: JobReference): TableReference {
  return { projectId, datasetId, tableId: prefix + jobId }
}

/** The job whose result such a table is; undefined for all other tables. */
export function jobOfAnonymousTable(reference: TableReference, jobs: JobStore): Job | undefined {
  if (reference.datasetId !== datasetId) return undefined
  return jobs.get(reference.projectId, reference.tableId.slice(prefix.length))
}
