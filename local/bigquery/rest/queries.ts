import { BigQueryError } from '../bigquery-error.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Field } from '../catalog/resources.ts'
import type { Job } from '../jobs/job.ts'
import { etagOf } from '../jobs/job-resource.ts'
import { affectedRows, billedBytesOf } from '../jobs/query-job.ts'
import { wholeNumberText } from '../whole-number.ts'
import { dryRun, submitJob, type JobDesk, type JobRequest } from '../jobs/submit-job.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import type { QueryResult } from '../sql/sql-engine.ts'
import type { ApiReply, ApiRequest, Route } from './api.ts'
import { isObject } from '../is-object.ts'
import { readJson } from './body.ts'
import { callerOf } from './caller.ts'
import { findJob } from './jobs.ts'
import { numberOf, pageOf, type Page } from './paging.ts'
import { jobIdOf, queryConfiguration } from './query-body.ts'
import { pageOfRows, timestampEncoder, timestampFormatOf } from './result-rows.ts'
import type { TimestampFormat } from './result-rows.ts'
import { pageOfTable } from './table-rows.ts'

/** `jobs.query` and `jobs.getQueryResults`. */
export function queryRoutes(desk: JobDesk, catalog: Catalog): Route[] {
  return [
    {
      method: 'POST',
      pattern: '/projects/:project/queries',
      async handler(request) {
        return await runQuery({ desk, catalog }, request, await readJson(request))
      },
    },
    {
      method: 'GET',
      pattern: '/projects/:project/queries/:job',
      handler: (request) => getQueryResults({ desk, catalog }, request),
    },
  ]
}

type Desk = { desk: JobDesk; catalog: Catalog }

async function runQuery(
  { desk, catalog }: Desk,
  { params: { project = '' }, headers }: ApiRequest,
  body: Record<string, unknown>,
): Promise<ApiReply> {
  const { location, formatOptions = {} } = body
  const wait = numberIn(body, 'timeoutMs') ?? defaultWait
  const count = numberIn(body, 'maxResults') ?? Number.MAX_SAFE_INTEGER
  const jobId = jobIdOf(body)
  const jobReference = { location, ...(jobId !== undefined && { jobId }) }
  const configuration = queryConfiguration(body)
  const request = { jobReference, configuration, ...callerOf(headers) }
  if (body.dryRun === true) return await dryQuery(desk, project, request)

  const earlier = jobId === undefined ? undefined : desk.jobs.find(project, jobId)
  const job = earlier ?? submitJob(desk, project, request)
  if (!(await waitForJob(job, wait))) {
    return { body: { kind: 'bigquery#queryResponse', ...reference(job), jobComplete: false } }
  }
  const result = resultOf(job)
  const { creationTime, endTime = creationTime } = job
  const format = isObject(formatOptions) ? formatOptions : {}
  return {
    body: {
      kind: 'bigquery#queryResponse',
      ...reference(job),
      ...(await rowsOf({ catalog, ...callerOf(headers) }, result, { start: 0, count }, format)),
      queryId: job.reference.jobId,
      jobCreationReason: { code: 'REQUESTED' },
      totalBytesBilled: String(billedBytesOf(result)),
      location: job.reference.location,
      creationTime: String(creationTime),
      startTime: String(creationTime),
      endTime: String(endTime),
    },
  }
}

async function dryQuery(desk: JobDesk, project: string, request: JobRequest): Promise<ApiReply> {
  const { reference: jobReference, result, creationTime } = await dryRun(desk, project, request)
  const { projectId, location } = jobReference
  return {
    body: {
      kind: 'bigquery#queryResponse',
      ...(result?.schema && { schema: { fields: result.schema } }),
      jobReference: { projectId, location },
      totalBytesProcessed: String(result?.totalBytesProcessed ?? 0),
      jobComplete: true,
      cacheHit: false,
      totalBytesBilled: '0',
      location,
      creationTime: String(creationTime),
      endTime: String(Date.now()),
    },
  }
}

async function getQueryResults({ desk, catalog }: Desk, request: ApiRequest): Promise<ApiReply> {
  const { project = '', job: jobId = '' } = request.params
  const { query } = request
  const job = findJob(desk.jobs, project, jobId, query.get('location'))
  const head = { kind: 'bigquery#getQueryResultsResponse', etag: etagOf(job), ...reference(job) }
  if (!(await waitForJob(job, numberOf(query, 'timeoutMs') ?? defaultWait))) {
    return { body: { ...head, jobComplete: false } }
  }
  const result = resultOf(job)
  desk.jobs.touch(job)
  const reader = { catalog, ...callerOf(request.headers) }
  const rows = await rowsOf(reader, result, pageOf(query), timestampFormatOf(query))
  return { body: { ...head, ...rows } }
}

/** A number of the request; null is nothing, as clients send it. */
function numberIn(body: Record<string, unknown>, name: string): number | undefined {
  const value = body[name]
  if (value === undefined || value === null) return undefined
  const number = Number(wholeNumberText(value, name))
  if (number >= 0) return number
  throw new BigQueryError('invalid', `Invalid value for ${name}: ${number}`, { location: name })
}

/** As long as BigQuery waits when the client does not say. */
const defaultWait = 10_000

function reference({ reference: jobReference }: Job): Record<string, unknown> {
  return { jobReference }
}

/** The result of a finished query; its failure is thrown, with the HTTP status that belongs to it. */
export function resultOf({ errorResult, result, kind, reference: { jobId } }: Job): QueryResult {
  if (errorResult) {
    const { reason, message, location } = errorResult
    throw new BigQueryError(reason, message, location === undefined ? {} : { location })
  }
  if (result) return result
  throw new BigQueryError(
    'invalid',
    kind === 'query'
      ? `The results of job ${jobId} are not kept any longer.`
      : `Cannot read results of job ${jobId}: it is no query.`,
  )
}

/** Where a result may have to be read from a table, and by whom. */
type Reader = { catalog: Catalog; caller?: string }

/** A page of what the query gave: kept with its job, or in the table that the job was to fill. */
async function rowsOf(
  reader: Reader,
  result: QueryResult,
  page: Page,
  format: TimestampFormat,
): Promise<Record<string, unknown>> {
  const { dmlStats, statementType, totalBytesProcessed } = result
  return {
    ...(await resultPage(reader, result, page, format)),
    totalBytesProcessed: String(totalBytesProcessed),
    jobComplete: true,
    ...(statementType !== 'SCRIPT' && { cacheHit: false }),
    ...(dmlStats && { numDmlAffectedRows: affectedRows(dmlStats) }),
  }
}

async function resultPage(
  { catalog, ...caller }: Reader,
  { schema, rows, statementType, destinationTable }: QueryResult,
  page: Page,
  format: TimestampFormat,
): Promise<Record<string, unknown>> {
  const encoderOf = (fields: Field[]) => timestampEncoder(fields, format)
  if (statementType === 'SELECT' && destinationTable) {
    return await catalog.read(async (moment) => {
      const { table, ...read } = await pageOfTable(
        moment,
        { reference: destinationTable, ...caller },
        page,
        encoderOf,
      )
      return { schema: table.schema, ...read }
    })
  }
  return {
    ...(schema && { schema: { fields: schema } }),
    totalRows: String(rows?.count ?? 0),
    ...(rows && pageOfRows(rows, page, encoderOf(schema ?? []))),
  }
}
