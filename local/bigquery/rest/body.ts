import type { IncomingMessage } from 'node:http'
import { createGunzip } from 'node:zlib'
import { BigQueryError } from '../bigquery-error.ts'
import { isObject } from '../is-object.ts'
import type { ApiRequest } from './api.ts'

/** As much as BigQuery takes in one request, uploads apart, which are streamed. */
const limit = 10 * 1024 * 1024

export function bodyStream(message: IncomingMessage): NodeJS.ReadableStream {
  const encoding = message.headers['content-encoding'] ?? 'identity'
  if (encoding === 'identity') return message
  if (encoding === 'gzip') {
    return message.pipe(createGunzip())
  }
  throw new BigQueryError('invalid', `Unsupported content encoding: ${encoding}`)
}

export async function readText({ stream }: ApiRequest): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of stream) {
      const bytes = Buffer.from(chunk)
      size += bytes.length
      // Read to its end all the same: a client that still sends would not see the answer.
      if (size <= limit) chunks.push(bytes)
    }
  } catch (cause) {
    throw new BigQueryError('invalid', 'The request body could not be read.', { cause })
  }
  if (size > limit) {
    throw new BigQueryError('badRequest', `Request payload size exceeds the limit: ${limit} bytes.`)
  }
  return Buffer.concat(chunks, size).toString('utf8')
}

/** The body as an object; an empty one is `{}`, as Google's API takes it. */
export async function readJson(request: ApiRequest): Promise<Record<string, unknown>> {
  return parseObject(await readText(request))
}

export function parseObject(text: string): Record<string, unknown> {
  if (text.trim() === '') return {}
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new BigQueryError('invalid', `Parse Error: ${(cause as Error).message}`, { cause })
  }
  if (isObject(value)) return value
  throw new BigQueryError('invalid', 'Root element must be a message.')
}
