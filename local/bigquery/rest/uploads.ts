import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { BigQueryError } from '../bigquery-error.ts'
import type { JobConfiguration } from '../jobs/job.ts'
import { jobResource } from '../jobs/job-resource.ts'
import { waitForJob } from '../jobs/wait-for-job.ts'
import { submitJob, type JobDesk } from '../jobs/submit-job.ts'
import type { ApiReply, ApiRequest, Route } from './api.ts'
import { isObject } from '../is-object.ts'
import { parseObject, readJson } from './body.ts'
import { configurationOf, grace } from './jobs.ts'
import { readMultipart } from './multipart.ts'

type Session = {
  project: string
  jobReference: unknown
  configuration: JobConfiguration
  file: string
}

/** Load jobs whose data comes with the request: `uploadType=multipart` and `uploadType=resumable`. */
export function uploadRoutes(desk: JobDesk, folder: string): Route[] {
  const sessions = new Map<string, Session>()

  async function newFile(): Promise<string> {
    await mkdir(folder, { recursive: true })
    return join(folder, `upload-${randomBytes(12).toString('hex')}`)
  }

  async function multipart({ params, headers, stream, origin }: ApiRequest): Promise<ApiReply> {
    const { metadata, media } = await readMultipart(stream, headers['content-type'] ?? '')
    const body = parseObject(metadata)
    const file = await newFile()
    await pipeline(media, createWriteStream(file))
    return await startLoad({ ...sessionOf(params, body), file }, origin)
  }

  async function openSession(request: ApiRequest): Promise<ApiReply> {
    const body = await readJson(request)
    const id = randomBytes(24).toString('base64url')
    sessions.set(id, { ...sessionOf(request.params, body), file: await newFile() })
    const { project = '' } = request.params
    const path = `/upload/bigquery/v2/projects/${project}/jobs?uploadType=resumable&upload_id=${id}`
    return { headers: { location: `${request.origin}${path}`, 'x-guploader-uploadid': id } }
  }

  async function continueSession(request: ApiRequest): Promise<ApiReply> {
    const id = request.query.get('upload_id') ?? ''
    const session = sessions.get(id)
    if (!session) throw new BigQueryError('notFound', `Not found: Upload ${id}`)

    const range = rangeOf(request.headers['content-range'])
    const received = await sizeOf(session.file)
    if (range.first !== undefined) {
      if (range.first !== received) return incomplete(received)
      await pipeline(request.stream, createWriteStream(session.file, { flags: 'a' }))
    }
    const size = await sizeOf(session.file)
    if (range.total === undefined || size < range.total) return incomplete(size)

    sessions.delete(id)
    return await startLoad(session, request.origin)
  }

  async function startLoad(
    { project, file, ...request }: Session,
    origin: string,
  ): Promise<ApiReply> {
    const job = submitJob(desk, project, { ...request, upload: file })
    void job.finished.then(() => rm(file, { force: true }))
    await waitForJob(job, grace)
    return { body: jobResource(job, origin) }
  }

  return [
    {
      method: 'POST',
      pattern: '/upload/projects/:project/jobs',
      async handler(request) {
        const type = request.query.get('uploadType')
        if (type === 'multipart') return await multipart(request)
        if (type === 'resumable') return await openSession(request)
        throw new BigQueryError(
          'invalid',
          `Invalid upload type '${type ?? ''}': expected multipart or resumable.`,
        )
      },
    },
    { method: 'PUT', pattern: '/upload/projects/:project/jobs', handler: continueSession },
  ]
}

function sessionOf(
  { project = '' }: Record<string, string>,
  body: Record<string, unknown>,
): Omit<Session, 'file'> {
  const configuration = configurationOf(body)
  if (!isObject(configuration.load)) {
    throw new BigQueryError('invalid', 'Uploads are possible for load jobs only.')
  }
  return { project, jobReference: body.jobReference, configuration }
}

/** `bytes 0-99/200`, `bytes 0-99/*` or, to ask how much has arrived, `bytes *\/200`. */
function rangeOf(header: string | undefined): { first?: number; total?: number } {
  // Without the header the whole body comes at once; its end is the end of the data.
  if (header === undefined) return { first: 0, total: 0 }
  const match = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(header)
  if (!match) throw new BigQueryError('invalid', `Invalid Content-Range: ${header}`)
  const [, first, , total] = match
  return {
    ...(first !== undefined && { first: Number(first) }),
    ...(total !== '*' && { total: Number(total) }),
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0
    throw error
  }
}

/** Google's 308: go on after the last byte that has arrived. */
function incomplete(received: number): ApiReply {
  return { status: 308, ...(received > 0 && { headers: { range: `bytes=0-${received - 1}` } }) }
}
