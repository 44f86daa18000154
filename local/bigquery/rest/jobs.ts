import { BigQueryError } from '../bigquery-error.ts'
import type { Job, JobConfiguration } from '../jobs/job.ts'
import type { JobStore } from '../jobs/job-store.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { jobResource, listedJob } from '../jobs/job-resource.ts'
import { dryRun, submitJob, type JobDesk } from '../jobs/submit-job.ts'
import type { ApiReply, ApiRequest, Route } from './api.ts'
import { isObject } from '../is-object.ts'
import { readJson } from './body.ts'
import { callerOf } from './caller.ts'
import { numberOf, pageOfList } from './paging.ts'

/** `jobs.insert`, `get`, `list`, `cancel` and `delete`. */
export function jobRoutes(desk: JobDesk): Route[] {
  const find = ({ params: { project = '', job = '' }, query }: ApiRequest): Job =>
    findJob(desk.jobs, project, job, query.get('location'))

  return [
    {
      method: 'POST',
      pattern: '/projects/:project/jobs',
      async handler(request) {
        return await insertJob(desk, request, await readJson(request))
      },
    },
    {
      method: 'GET',
      pattern: '/projects/:project/jobs',
      handler: (request) => listJobs(desk, request),
    },
    {
      method: 'GET',
      pattern: '/projects/:project/jobs/:job',
      handler: (request) => ({ body: jobResource(find(request), request.origin) }),
    },
    {
      method: 'POST',
      pattern: '/projects/:project/jobs/:job/cancel',
      handler(request) {
        const job = find(request)
        job.cancel()
        const resource = jobResource(job, request.origin)
        return { body: { kind: 'bigquery#jobCancelResponse', job: resource } }
      },
    },
    {
      method: 'DELETE',
      pattern: '/projects/:project/jobs/:job/delete',
      handler(request) {
        const job = find(request)
        if (job.state !== 'DONE') throw new BigQueryError('invalid', 'The job is still running.')
        desk.jobs.delete(job)
        return { status: 204 }
      },
    },
  ]
}

/** A job by its id, or BigQuery's 404 where it ran in another location than the client says. */
export function findJob(
  jobs: JobStore,
  projectId: string,
  jobId: string,
  location: string | null,
): Job {
  const job = jobs.get(projectId, jobId)
  if (!location || job.reference.location.toLowerCase() === location.toLowerCase()) return job
  throw new BigQueryError('notFound', `Not found: Job ${projectId}:${location}.${jobId}`)
}

/** Most local jobs end within it: clients that poll then need not, and they wait for half a second. */
export const grace = 100

/** Accepts the job and answers soon, done or not; only a dry run is answered by its result. */
async function insertJob(
  desk: JobDesk,
  { params: { project = '' }, headers, origin }: ApiRequest,
  body: Record<string, unknown>,
): Promise<ApiReply> {
  const { jobReference } = body
  const configuration = configurationOf(body)
  const asked = { jobReference, configuration, ...callerOf(headers) }
  if (configuration.dryRun === true) {
    const job = await dryRun(desk, project, asked)
    return { body: jobResource(job, origin) }
  }
  const job = submitJob(desk, project, asked)
  await waitForJob(job, grace)
  return { body: jobResource(job, origin) }
}

export function configurationOf({ configuration }: Record<string, unknown>): JobConfiguration {
  if (isObject(configuration)) return configuration
  throw new BigQueryError('required', 'Required parameter is missing: configuration', {
    location: 'configuration',
  })
}

function listJobs(desk: JobDesk, { params: { project = '' }, query }: ApiRequest): ApiReply {
  const states = query.getAll('stateFilter').map((state) => state.toLowerCase())
  const unknown = states.find((state) => !['pending', 'running', 'done'].includes(state))
  if (unknown !== undefined) {
    throw new BigQueryError('invalid', `Invalid value for stateFilter: ${unknown}`, {
      location: 'stateFilter',
    })
  }
  const parent = query.get('parentJobId') ?? undefined
  const since = numberOf(query, 'minCreationTime') ?? 0
  const until = numberOf(query, 'maxCreationTime') ?? Number.MAX_SAFE_INTEGER
  const projection = query.get('projection')?.toLowerCase() === 'full' ? 'full' : 'minimal'
  const matching = desk.jobs
    .list(project)
    .filter(
      ({ state, creationTime, parentJobId }) =>
        (states.length === 0 || states.includes(state.toLowerCase())) &&
        creationTime >= since &&
        creationTime <= until &&
        parentJobId === parent,
    )
  const { items, nextPageToken } = pageOfList(matching, query, 50)
  return {
    body: {
      etag: Buffer.from(`${matching.length}/${matching[0]?.reference.jobId}`).toString('base64url'),
      kind: 'bigquery#jobList',
      ...(nextPageToken && { nextPageToken }),
      jobs: items.map((job) => listedJob(job, projection)),
    },
  }
}
