import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import type { ApiReply, Route } from './api.ts'
import { asBigQueryError } from '../as-bigquery-error.ts'
import { errorEnvelope } from './error-envelope.ts'
import { bodyStream } from './body.ts'
import { createRouter, withoutPrefix } from './router.ts'

/** An HTTP server that answers these routes, and Google's error envelope for everything else. */
export function createRestServer(routes: Route[]): Server {
  const find = createRouter(routes)

  async function answer(message: IncomingMessage): Promise<ApiReply> {
    const origin = `http://${message.headers.host ?? '127.0.0.1'}`
    const url = new URL(message.url ?? '/', origin)
    const method = methodOf(message)
    const { handler, params } = find(method, withoutPrefix(url.pathname))
    return await handler({
      method,
      params,
      query: url.searchParams,
      headers: message.headers,
      origin,
      stream: bodyStream(message),
      message,
    })
  }

  return createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    answer(message)
      .catch(failure)
      .then((reply) => send(message, response, reply))
      .catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined))
  })
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

function send(message: IncomingMessage, response: ServerResponse, reply: ApiReply): void {
  const { status = 200, headers = {}, body } = reply
  // A body that nobody read would be taken for the next request of this connection.
  message.resume()
  if (body === undefined) {
    response.writeHead(status, { 'content-length': '0', ...headers }).end()
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
}
