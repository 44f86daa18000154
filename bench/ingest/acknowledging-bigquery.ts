import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout } from 'node:timers/promises'
import { rawEventColumns } from '../../ingest/check-resources.ts'
import type { Endpoint } from '../../local/endpoint.ts'

/**
 * A BigQuery that takes every row and every load job and keeps nothing: what is left is the cost of
 * sending. It answers after `latencyMs`.
 */
export async function startAcknowledgingBigQuery({
  port,
  latencyMs,
}: {
  port: number
  latencyMs: number
}): Promise<Endpoint> {
  const jobs = new Map<string, unknown>()
  const server = createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
    await respond(request, response)
  })

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', url = '/' } = request
    const { pathname } = new URL(url, 'http://127.0.0.1')
    if (method === 'POST' && pathname.endsWith('/insertAll')) {
      await once(request.resume(), 'end')
      if (latencyMs > 0) await setTimeout(latencyMs)
      return reply(response, 200, { kind: 'bigquery#tableDataInsertAllResponse' })
    }
    if (method === 'POST' && pathname.endsWith('/jobs')) {
      const job = doneJob(await bodyOf(request))
      jobs.set(job.jobReference.jobId, job)
      if (latencyMs > 0) await setTimeout(latencyMs)
      return reply(response, 200, job)
    }
    request.resume()
    const job = /\/jobs\/([^/]+)$/.exec(pathname)?.[1]
    if (job !== undefined && jobs.has(job)) return reply(response, 200, jobs.get(job))
    if (method === 'GET' && /\/tables\/[^/]+$/.test(pathname)) {
      const fields = rawEventColumns.map((name) => ({ name, type: 'STRING' }))
      return reply(response, 200, { kind: 'bigquery#table', schema: { fields } })
    }
    const message = `not found: ${method} ${pathname}`
    const errors = [{ reason: 'notFound', message }]
    reply(response, 404, { error: { code: 404, message, errors } })
  }

  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const { port: bound } = server.address() as AddressInfo
  return {
    address: `127.0.0.1:${bound}`,
    port: bound,
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}

type Job = { jobReference?: { jobId?: string }; configuration?: unknown }

function doneJob({ jobReference, configuration }: Job) {
  const now = String(Date.now())
  return {
    kind: 'bigquery#job',
    jobReference: { location: 'US', ...jobReference, jobId: jobReference?.jobId ?? `job-${now}` },
    configuration,
    status: { state: 'DONE' },
    statistics: { creationTime: now, startTime: now, endTime: now, load: { badRecords: '0' } },
  }
}

async function bodyOf(request: IncomingMessage): Promise<Job> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString()) as Job
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  const bytes = Buffer.from(JSON.stringify(body))
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
  })
  response.end(bytes)
}
