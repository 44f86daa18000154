import type { IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { StorageError } from './storage-error.ts'

export type StorageRequest = {
  /** The parts of the path behind `/storage/v1`, decoded. */
  params: Record<string, string>
  query: URLSearchParams
  headers: IncomingHttpHeaders
  /** `http://host:port` as the client called it. */
  origin: string
  body: IncomingMessage
}

export type Reply = {
  status?: number
  headers?: Record<string, string>
  /** An object is sent as JSON. */
  body?: object | Buffer | Readable
}

const maxJsonBytes = 8 * 1024 * 1024

/** The body as an object; an empty one is `{}`, as Google's API takes it. */
export async function readJson({ body }: StorageRequest): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body) {
    const bytes: Buffer = chunk
    size += bytes.length
    if (size > maxJsonBytes) {
      throw new StorageError('badRequest', `The metadata is larger than ${maxJsonBytes} bytes.`)
    }
    chunks.push(bytes)
  }
  return parseJson(Buffer.concat(chunks).toString('utf8'))
}

export function parseJson(text: string): Record<string, unknown> {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
  } catch (cause) {
    throw new StorageError('badRequest', `Parse Error: ${(cause as Error).message}`, { cause })
  }
  throw new StorageError('badRequest', 'Parse Error: the body must be a JSON object.')
}
