import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { finished } from 'node:stream/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { BigQueryError, notSupported } from '../bigquery-error.ts'
import type { ApiReply, Route } from './api.ts'
import { asBigQueryError } from '../as-bigquery-error.ts'
import { errorEnvelope } from './error-envelope.ts'
import { bodyStream } from './body.ts'
import { cutToMask, parseFieldMask } from './field-mask.ts'
import { createRouter, withoutPrefix } from './router.ts'

export type RestServer = {
  server: Server
  /** Answers what has been asked, refuses what is asked from now on, and closes all connections. */
  stop(): Promise<void>
}

/** How long requests have to end, uploads that are under way among them, when the server stops. */
const farewell = 5_000

/** An HTTP server that answers these routes, and Google's error envelope for everything else. */
export function createRestServer(routes: Route[]): RestServer {
  const find = createRouter(routes)
  const answering = new Set<Promise<void>>()
  let isStopping = false

  async function answer(message: IncomingMessage): Promise<ApiReply> {
    if (isStopping) throw new BigQueryError('backendError', 'The local BigQuery is ending.')
    const origin = `http://${message.headers.host ?? '127.0.0.1'}`
    const url = new URL(message.url ?? '/', origin)
    const method = methodOf(message)
    const { handler, params } = find(method, withoutPrefix(url.pathname))
    const query = url.searchParams
    const cut = answerForm(query)
    const stream = bodyStream(message)
    const { headers } = message
    return cut(await handler({ method, params, query, headers, origin, stream, message }))
  }

  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    const answered = answer(message)
      .catch(failure)
      .then((reply) => send(message, response, reply))
      // A client that went away needs no answer.
      .catch((error: unknown) => void response.destroy(error instanceof Error ? error : undefined))
      .finally(() => answering.delete(answered))
    answering.add(answered)
  })

  /** Refusals of requests that come meanwhile are answers too. */
  async function drain(): Promise<void> {
    while (answering.size > 0) await Promise.all(answering)
  }

  return {
    server,
    async stop() {
      isStopping = true
      const patience = new AbortController()
      const { signal } = patience
      await Promise.race([drain(), sleep(farewell, undefined, { signal }).catch(() => {})])
      patience.abort()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await closed
    },
  }
}

/** How a client wants the answer of any method: as JSON, and only the members that `fields` names. */
function answerForm(query: URLSearchParams): (reply: ApiReply) => ApiReply {
  const alt = query.get('alt') ?? 'json'
  if (alt !== 'json') throw notSupported(`answers with alt=${alt}`)
  const fields = query.get('fields')
  if (!fields) return (reply) => reply
  const mask = parseFieldMask(fields)
  return (reply) => ({ ...reply, body: cutToMask(reply.body, mask) })
}

/** Clients behind old proxies send PATCH as POST with this header, as Google's API allows. */
function methodOf({ method = 'GET', headers }: IncomingMessage): string {
  const override = headers['x-http-method-override']
  return method === 'POST' && typeof override === 'string' ? override.toUpperCase() : method
}

function failure(error: unknown): ApiReply {
  const known = asBigQueryError(error)
  return { status: known.status, body: errorEnvelope(known) }
}

const worthZipping = 64 * 1024

/** Resolves when all is on its way to the client. */
async function send(
  message: IncomingMessage,
  response: ServerResponse,
  reply: ApiReply,
): Promise<void> {
  const { status = 200, headers = {}, body } = reply
  // A body that nobody read would be taken for the next request of this connection.
  message.resume()
  if (body === undefined) {
    response.writeHead(status, { 'content-length': '0', ...headers }).end()
    await finished(response)
    return
  }

  const plain = Buffer.from(JSON.stringify(body))
  const zipped =
    plain.length > worthZipping && /\bgzip\b/.test(message.headers['accept-encoding'] ?? '')
  const bytes = zipped ? gzipSync(plain, { level: 1 }) : plain
  response.writeHead(status, {
    'content-type': 'application/json; charset=UTF-8',
    'content-length': String(bytes.length),
    ...(zipped && { 'content-encoding': 'gzip' }),
    ...headers,
  })
  response.end(bytes)
  await finished(response)
}
