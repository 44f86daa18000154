import { randomBytes } from 'node:crypto'
import { BigQueryError } from '../bigquery-error.ts'
import { checkLabels } from '../catalog/check-labels.ts'
import { isObject } from '../is-object.ts'
import type { SqlEngine } from '../sql/sql-engine.ts'
import { anonymousTable } from './anonymous-table.ts'
import type { Job, JobConfiguration, JobKind, JobReference, JobWork } from './job.ts'
import type { JobStore } from './job-store.ts'
import { requireSame } from './references.ts'
import { requireWholeNumbers } from '../whole-number.ts'
import { queryRequest } from './query-request.ts'
import { runQueryJob } from './query-job.ts'

export type JobRequest = {
  jobReference?: unknown
  configuration: JobConfiguration
  /** The file that came with the request of a load. */
  upload?: string
  caller?: string
}

/** Prepares a job that is no query; throws at once what the request itself has wrong. */
export type JobRunner = (
  reference: JobReference,
  request: { configuration: JobConfiguration; upload?: string },
) => JobWork

export type JobDesk = {
  jobs: JobStore
  engine: SqlEngine
  runners: Record<Exclude<JobKind, 'query'>, JobRunner>
  /** Where jobs run that do not say. */
  location: string
}

/** Accepts a job; what is wrong with the request itself is thrown, what goes wrong in the job is its status. */
export function submitJob(desk: JobDesk, projectId: string, request: JobRequest): Job {
  const { configuration } = request
  checkLabels(configuration.labels)
  requireWholeNumbers(configuration, ['jobTimeoutMs'])
  const kind = kindOf(configuration)
  const reference = referenceOf(desk, projectId, request.jobReference)
  const { caller } = request
  if (kind === 'query') return submitQuery(desk, reference, request)

  const work = desk.runners[kind](reference, request)
  return desk.jobs.start({ reference, kind, configuration, caller, work })
}

/** Resolves a query without running it; no job is kept of that. */
export async function dryRun(desk: JobDesk, projectId: string, request: JobRequest): Promise<Job> {
  const { configuration } = request
  const kind = kindOf(configuration)
  if (kind !== 'query') {
    throw new BigQueryError('invalid', 'Only query jobs can be run dry.', { location: 'dryRun' })
  }
  const reference = referenceOf(desk, projectId, request.jobReference)
  const creationTime = Date.now()
  const dry = queryRequest(reference, { ...configuration, dryRun: true }, askedBy(request))
  const { statistics, result } = await runQueryJob(desk.engine, dry)
  return {
    reference,
    kind,
    configuration: withQueryDefaults(configuration),
    state: 'DONE',
    creationTime,
    endTime: Date.now(),
    errors: [],
    statistics,
    ...(result && { result }),
    finished: Promise.resolve(),
    cancel: () => {},
  }
}

function submitQuery(desk: JobDesk, reference: JobReference, asked: JobRequest): Job {
  const configuration = withQueryDefaults(asked.configuration)
  const { query = {} } = configuration
  const request = queryRequest(reference, configuration, askedBy(asked))
  const job: Job = desk.jobs.start({
    reference,
    kind: 'query',
    configuration,
    caller: asked.caller,
    async work({ signal }) {
      const keep = (child: Job): void => desk.jobs.keep(child)
      const outcome = await runQueryJob(desk.engine, { ...request, signal }, keep)
      const { statementType, destinationTable } = outcome.result ?? {}
      if (query.destinationTable !== undefined) return outcome
      if (destinationTable) {
        query.destinationTable = destinationTable
      } else if (statementType === 'SELECT') {
        query.destinationTable = anonymousTable(reference)
        query.writeDisposition = 'WRITE_TRUNCATE'
      }
      return outcome
    },
  })
  return job
}

function withQueryDefaults(configuration: JobConfiguration): JobConfiguration {
  const { query = {} } = configuration
  return { ...configuration, query: { priority: 'INTERACTIVE', ...query } }
}

function kindOf(configuration: JobConfiguration): JobKind {
  const kinds = (['query', 'load', 'copy', 'extract'] as const).filter((kind) =>
    isObject(configuration[kind]),
  )
  const [kind] = kinds
  if (kind !== undefined && kinds.length === 1) return kind
  throw new BigQueryError(
    'invalid',
    'Job configuration must contain exactly one job-specific configuration object ' +
      `(e.g., query, load, extract, spark), but there were ${kinds.length}: ${kinds.join(', ')}`,
  )
}

function referenceOf(desk: JobDesk, projectId: string, given: unknown): JobReference {
  const { projectId: named, jobId, location } = isObject(given) ? given : {}
  requireSame(named, projectId)
  return {
    projectId,
    jobId: jobId === undefined ? newJobId() : validJobId(jobId),
    location: isGiven(location) ? location : desk.location,
  }
}

function askedBy({ caller, jobReference }: JobRequest): Parameters<typeof queryRequest>[2] {
  return { caller, isLocationGiven: isObject(jobReference) && isGiven(jobReference.location) }
}

function isGiven(location: unknown): location is string {
  return typeof location === 'string' && location !== ''
}

function validJobId(jobId: unknown): string {
  if (typeof jobId === 'string' && /^[\w-]{1,1024}$/.test(jobId)) return jobId
  throw new BigQueryError(
    'invalid',
    `Invalid job ID "${String(jobId)}". Job IDs must be alphanumeric (plus underscores and dashes) ` +
      'and must be at most 1024 characters long.',
  )
}

export function newJobId(): string {
  return `job_${randomBytes(20).toString('base64url')}`
}
