import type { BigQueryRequest } from './bigquery-request.ts'
import { fieldAt, listAt } from './json-answer.ts'
import type { LoadJob, LoadJobs } from './pending-files.ts'

export type LoadTarget = { projectId: string; bucket: string; dataset: string; table: string }

const conflict = 409
const notFound = 404

/** Load jobs from a bucket into a table, under ids that make each of them run once. */
export function createLoadJobs(request: BigQueryRequest, target: LoadTarget): LoadJobs {
  const { projectId, bucket, dataset, table } = target
  const folder = `gs://${bucket}/`
  // Without it the same id in another location would be another job.
  let location: Promise<string> | undefined

  async function findLocation(): Promise<string> {
    return String(fieldAt(await request({ uri: `/datasets/${dataset}` }), 'location'))
  }

  async function get(jobId: string, at: string): Promise<unknown> {
    try {
      return await request({ uri: `/jobs/${jobId}`, qs: { location: at } })
    } catch (error) {
      if (codeOf(error) === notFound) return undefined
      throw error
    }
  }

  async function insert(jobId: string, at: string, objectNames: readonly string[]) {
    // Without a schema of its own a load takes the table's, and its default for ingest_time.
    const load = {
      destinationTable: { projectId, datasetId: dataset, tableId: table },
      sourceUris: objectNames.map((name) => `${folder}${name}`),
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      createDisposition: 'CREATE_NEVER',
      writeDisposition: 'WRITE_APPEND',
    }
    const jobReference = { projectId, jobId, location: at }
    try {
      return await request({
        method: 'POST',
        uri: '/jobs',
        json: { jobReference, configuration: { load } },
      })
    } catch (error) {
      // Another instance was faster, or our own request whose answer was lost.
      if (codeOf(error) === conflict) return await get(jobId, at)
      throw error
    }
  }

  return {
    route: `${folder} ${projectId}.${dataset}.${table}`,
    async run(jobId, objectNames) {
      location ??= findLocation()
      location.catch(() => (location = undefined))
      const at = await location
      return loadJobOf((await get(jobId, at)) ?? (await insert(jobId, at, objectNames)), folder)
    },
  }
}

/** How a job stands that BigQuery describes; `folder` is what its file names begin with. */
function loadJobOf(job: unknown, folder: string): LoadJob {
  const status = fieldAt(job, 'status')
  if (fieldAt(status, 'state') !== 'DONE') return { state: 'running' }
  const failure = fieldAt(status, 'errorResult')
  if (failure === undefined) {
    const statistics = fieldAt(fieldAt(job, 'statistics'), 'load')
    return { state: 'done', rows: Number(fieldAt(statistics, 'outputRows') ?? 0) }
  }
  const places = listAt(status, 'errors').map((error) => String(fieldAt(error, 'location')))
  const objectNames = places
    .filter((place) => place.startsWith(folder))
    .map((place) => place.slice(folder.length))
  return {
    state: 'failed',
    reason: String(fieldAt(failure, 'reason') ?? 'unknown'),
    message: String(fieldAt(failure, 'message') ?? ''),
    objectNames: [...new Set(objectNames)],
  }
}

function codeOf(error: unknown): unknown {
  return fieldAt(error, 'code')
}
