import { StorageError } from './storage-error.ts'
import { parseJson } from './http.ts'

/** The two parts of an upload: the metadata, and the bytes as they arrive. */
export type MultipartUpload = {
  json: Record<string, unknown>
  contentType: string | undefined
  content: AsyncIterable<Buffer>
}

const maxHeadBytes = 8 * 1024 * 1024

/** Reads `multipart/related` up to the bytes of the object; those are handed on without a look into them. */
export async function readMultipart(
  body: AsyncIterable<Buffer>,
  contentTypeHeader: string,
): Promise<MultipartUpload> {
  const boundary = /boundary=(?:"([^"]+)"|([^\s;]+))/i.exec(contentTypeHeader)
  const delimiter = boundary?.[1] ?? boundary?.[2]
  if (delimiter === undefined) throw invalid('the Content-Type names no boundary')

  const chunks = body[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  for (;;) {
    const parsed = parseHead(head, delimiter)
    if (parsed) {
      const { json, contentType, contentStart } = parsed
      const first = head.subarray(contentStart)
      return { json, contentType, content: contentOf(first, chunks, `\r\n--${delimiter}--`) }
    }
    const { value, done } = await chunks.next()
    if (done) throw invalid('it ends before its second part')
    head = Buffer.concat([head, value])
    if (head.length > maxHeadBytes) throw invalid('its metadata part has no end')
  }
}

type Head = { json: Record<string, unknown>; contentType: string | undefined; contentStart: number }

/** Undefined while the head has not arrived as a whole. */
function parseHead(head: Buffer, delimiter: string): Head | undefined {
  const opening = Buffer.from(`--${delimiter}`)
  const start = head.indexOf(opening)
  const metadataStart = start < 0 ? -1 : afterHeaders(head, start)
  const next = metadataStart < 0 ? -1 : head.indexOf(`\n--${delimiter}`, metadataStart)
  const contentStart = next < 0 ? -1 : afterHeaders(head, next + 1)
  if (contentStart < 0) return undefined

  const headers = head.toString('latin1', next, contentStart)
  const contentType = /^content-type:\s*(.*?)\s*$/im.exec(headers)?.[1]
  const json = parseJson(head.toString('utf8', metadataStart, next))
  return { json, contentType, contentStart }
}

/** Where the part that begins with the boundary at `from` has its content; -1 if that has not arrived. */
function afterHeaders(bytes: Buffer, from: number): number {
  const end = bytes.indexOf('\r\n\r\n', from)
  return end < 0 ? -1 : end + 4
}

/**
 * The closing boundary is the end of the body, so only as many bytes are held back as it may take: no need
 * to look for it in the bytes of the object.
 */
async function* contentOf(
  first: Buffer,
  chunks: AsyncIterator<Buffer>,
  closing: string,
): AsyncIterable<Buffer> {
  const held = closing.length + 4
  let rest = first
  for (;;) {
    const { value, done } = await chunks.next()
    if (done) break
    if (rest.length > held) {
      yield rest.subarray(0, rest.length - held)
      rest = rest.subarray(rest.length - held)
    }
    rest = rest.length === 0 ? value : Buffer.concat([rest, value])
  }
  const end = rest.lastIndexOf(closing)
  const behind = end < 0 ? '?' : rest.toString('latin1', end + closing.length)
  if (behind.trim() !== '') throw invalid('it does not end with its boundary')
  if (end > 0) yield rest.subarray(0, end)
}

function invalid(reason: string): StorageError {
  return new StorageError('badRequest', `Malformed multipart body: ${reason}.`)
}
