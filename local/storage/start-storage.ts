import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Endpoint, EndpointOptions } from '../endpoint.ts'
import { openBuckets } from './buckets.ts'
import type { Reply } from './http.ts'
import { createResumableUploads } from './resumable.ts'
import { createRouter, type Router } from './router.ts'
import { createRoutes } from './routes.ts'
import { errorEnvelope, StorageError } from './storage-error.ts'

/**
 * Starts Cloud Storage over a folder: an object is the file `<folder>/<bucket>/<name>`, what else is known
 * about it lies under `<folder>/.metadata/`. A process that is killed leaves no half object.
 */
export async function startStorage({
  port,
  folder,
  host = '127.0.0.1',
}: EndpointOptions & { folder: string }): Promise<Endpoint> {
  const buckets = await openBuckets(folder)
  const uploads = createResumableUploads()
  const find = createRouter(createRoutes(buckets, uploads))
  const server = createServer({ keepAliveTimeout: 60_000 }, (message, response) => {
    void respond(find, message, response)
  })
  const bound = await listen(server, port, host).catch((error: unknown) => {
    buckets.close()
    throw error
  })

  return {
    address: `${host}:${bound}`,
    port: bound,
    async stop() {
      if (!server.listening) return
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
      await uploads.close()
      buckets.close()
    },
  }
}

async function respond(
  find: Router,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let reply: Reply
  try {
    reply = await answer(find, message)
  } catch (error) {
    reply = failure(error, message)
  }
  try {
    await send(message, response, reply)
  } catch (error) {
    // The client went away, or the file broke off: the connection is all there is to tell it with.
    response.destroy(error instanceof Error ? error : undefined)
  }
}

async function answer(find: Router, message: IncomingMessage): Promise<Reply> {
  const { headers, method = 'GET' } = message
  const origin = `http://${headers.host ?? '127.0.0.1'}`
  const url = new URL(message.url ?? '/', origin)
  const { handle, params } = find(method, url.pathname)
  return handle({ params, query: url.searchParams, headers, origin, body: message })
}

/** Who asked for bytes gets words: that is how Google's service answers, and clients show it as it is. */
function failure(error: unknown, { url = '' }: IncomingMessage): Reply {
  const known = error instanceof StorageError ? error : internal(error)
  const { status, message } = known
  if (status === 304) return { status }
  if (!/[?&]alt=media\b/.test(url)) return { status, body: errorEnvelope(known) }
  return {
    status,
    headers: { 'content-type': 'text/html; charset=UTF-8' },
    body: Buffer.from(message),
  }
}

function internal(error: unknown): StorageError {
  const cause = error instanceof Error ? error : new Error(String(error))
  const isAborted = 'code' in cause && cause.code === 'ECONNRESET'
  if (!isAborted) process.stderr.write(`local Cloud Storage: ${cause.stack ?? cause.message}\n`)
  const words = `internal error of the local Cloud Storage: ${cause.message}`
  return new StorageError('backendError', words, { cause })
}

async function send(
  message: IncomingMessage,
  response: ServerResponse,
  { status = 200, headers = {}, body }: Reply,
): Promise<void> {
  // A body that nobody read would be taken for the next request of this connection.
  message.resume()
  if (body instanceof Readable) {
    response.writeHead(status, headers)
    await pipeline(body, response)
    return
  }
  const isJson = body !== undefined && !Buffer.isBuffer(body)
  const bytes = isJson ? Buffer.from(JSON.stringify(body)) : (body ?? Buffer.alloc(0))
  response.writeHead(status, {
    'content-length': String(bytes.length),
    ...(isJson && { 'content-type': 'application/json; charset=UTF-8' }),
    ...headers,
  })
  response.end(bytes)
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}
