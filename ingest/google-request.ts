import * as http from 'node:http'
import * as https from 'node:https'
import { fieldAt } from './json-answer.ts'

/** Google's client of a service, as far as it signs requests. */
export type SigningClient = {
  timeout?: number | undefined
  makeAuthenticatedRequest(
    request: { uri: string; headers: Record<string, string> },
    options: { onAuthenticated: (error: Error | null, signed?: Signed) => void },
  ): unknown
}

type Signed = { headers?: Record<string, string> | Headers }

/** An answer that is no success, with the reason that the service gives. */
export class RequestFailed extends Error {
  override name = 'RequestFailed'
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

/** Sends a body, in pieces that are not copied, and answers what the service says. */
export type Post = (
  url: string,
  headers: Record<string, string>,
  body: readonly Buffer[],
) => Promise<unknown>

const idleSocketMs = 50_000

/**
 * Posts to a Google service with the credentials of Google's own client, but over plain `node:http`: the
 * clients' streams cost more than all else that landing a large body takes.
 */
export function createPost(client: SigningClient): Post {
  const timeoutMs = client.timeout ?? 60_000
  const options = { keepAlive: true, timeout: idleSocketMs, proxyEnv: process.env }
  const plain = { request: http.request, agent: new http.Agent(options) }
  const secure = { request: https.request, agent: new https.Agent(options) }

  function send(url: string, headers: Record<string, string>, body: readonly Buffer[]) {
    const { request: open, agent } = url.startsWith('https:') ? secure : plain
    return new Promise<unknown>((resolve, reject) => {
      const signal = AbortSignal.timeout(timeoutMs)
      const request = open(url, { method: 'POST', agent, headers, signal })
      request.on('response', (response) => void readAnswer(response).then(resolve, reject))
      request.on('error', (error) => {
        if (signal.aborted) reject(new Error(`no answer within ${timeoutMs / 1000} seconds`))
        // The service closed a connection that had been idle, before it saw the request.
        else if (request.reusedSocket && hasCode(error, 'ECONNRESET')) {
          resolve(send(url, headers, body))
        } else reject(error)
      })
      for (const piece of body) request.write(piece)
      request.end()
    })
  }

  return async (url, headers, body) => {
    const length = body.reduce((sum, piece) => sum + piece.length, 0)
    const signed = await sign(client, url, { ...headers, 'content-length': String(length) })
    return await send(url, signed, body)
  }
}

function sign(
  client: SigningClient,
  uri: string,
  headers: Record<string, string>,
): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    client.makeAuthenticatedRequest(
      { uri, headers },
      {
        onAuthenticated(error, signed) {
          if (error) reject(error)
          else if (signed?.headers instanceof Headers) resolve(Object.fromEntries(signed.headers))
          else resolve(signed?.headers ?? headers)
        },
      },
    )
  })
}

async function readAnswer(response: http.IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  const text = Buffer.concat(chunks).toString()
  const { statusCode: status = 0, statusMessage } = response
  if (status >= 200 && status < 300) return text === '' ? {} : JSON.parse(text)
  throw new RequestFailed(status, messageOf(text) ?? `${status} ${statusMessage}: ${text}`)
}

function messageOf(answer: string): string | undefined {
  try {
    const message = fieldAt(fieldAt(JSON.parse(answer), 'error'), 'message')
    return typeof message === 'string' ? message : undefined
  } catch {
    // Proxies and load balancers answer with a page.
    return undefined
  }
}

function hasCode(error: Error, code: string): boolean {
  return 'code' in error && error.code === code
}
