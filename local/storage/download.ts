import { closeSync, createReadStream, fstatSync, readSync } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import type { Bucket } from './bucket.ts'
import { openContent } from './content.ts'
import type { Reply, StorageRequest } from './http.ts'
import { StorageError } from './storage-error.ts'
import { etagOf, type StoredObject } from './stored-object.ts'

/** What is read at once; more is streamed. */
const smallBytes = 256 * 1024

/** The bytes of an object, or a range of them; gzip is undone for who does not take it, as in Google's service. */
export function downloadObject(
  bucket: Bucket,
  object: StoredObject,
  { headers }: StorageRequest,
): Reply {
  const file = openContent(bucket, object)
  const isZipped = object.fields.contentEncoding === 'gzip'
  const unzips =
    isZipped &&
    !/\bgzip\b/.test(headers['accept-encoding'] ?? '') &&
    !/\bno-transform\b/.test(object.fields.cacheControl ?? '')
  if (unzips) return unzipped(object, createReadStream('', { fd: file }))

  const { size } = fstatSync(file)
  let range: Range
  try {
    range = readRange(headers.range, size)
  } catch (error) {
    closeSync(file)
    throw error
  }
  const { start, end, isPart } = range
  return {
    status: isPart ? 206 : 200,
    headers: {
      ...describeContent(object),
      'accept-ranges': 'bytes',
      'content-length': String(end - start),
      ...(isZipped && { 'content-encoding': 'gzip' }),
      ...(isPart && { 'content-range': `bytes ${start}-${end - 1}/${size}` }),
    },
    body: readBytes(file, start, end),
  }
}

function readBytes(file: number, start: number, end: number): Buffer | Readable {
  if (end - start > smallBytes) return createReadStream('', { fd: file, start, end: end - 1 })

  const bytes = Buffer.allocUnsafe(end - start)
  let filled = 0
  while (filled < bytes.length) {
    const read = readSync(file, bytes, filled, bytes.length - filled, start + filled)
    if (read === 0) break
    filled += read
  }
  closeSync(file)
  return bytes
}

function unzipped(object: StoredObject, zipped: Readable): Reply {
  const body = createGunzip()
  // An error reaches the client as a connection that breaks off.
  pipeline(zipped, body, () => {})
  const headers = {
    ...describeContent(object),
    'x-guploader-response-body-transformations': 'gunzipped',
    warning: '214 UploadServer gunzipped',
  }
  return { headers, body }
}

function describeContent(object: StoredObject): Record<string, string> {
  const { fields, crc32c, md5Hash } = object
  return {
    'content-type': fields.contentType ?? 'application/octet-stream',
    ...(fields.cacheControl && { 'cache-control': fields.cacheControl }),
    ...(fields.contentDisposition && { 'content-disposition': fields.contentDisposition }),
    ...(fields.contentLanguage && { 'content-language': fields.contentLanguage }),
    etag: etagOf(object),
    'last-modified': new Date(object.updated).toUTCString(),
    'x-goog-generation': String(object.generation),
    'x-goog-metageneration': String(object.metageneration),
    'x-goog-storage-class': fields.storageClass ?? 'STANDARD',
    'x-goog-stored-content-encoding': fields.contentEncoding ?? 'identity',
    'x-goog-stored-content-length': String(object.size),
    'x-goog-hash': md5Hash ? `crc32c=${crc32c},md5=${md5Hash}` : `crc32c=${crc32c}`,
  }
}

type Range = { start: number; end: number; isPart: boolean }

/** `end` is behind the last byte. What is no range of bytes is passed over, as HTTP asks for. */
function readRange(header: string | undefined, size: number): Range {
  const whole = { start: 0, end: size, isPart: false }
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? []
  if (from === '' && to === '') return whole

  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from)
  const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1)
  if (start < end) return { start, end, isPart: true }
  throw new StorageError('requestedRangeNotSatisfiable', 'Request range not satisfiable')
}
