import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { BigQueryError } from '../../bigquery-error.ts'
import { listObjects, openObject, parseGsUri } from '../storage-objects.ts'

/** A file that a load reads, as often as it needs. */
export type LoadSource = {
  /** How messages name it. */
  name: string
  bytes: number
  open(): Promise<AsyncIterable<Buffer>>
}

/** The files that `sourceUris` name, wildcards resolved, in the order of their names. */
export async function sourcesOfUris(
  uris: unknown,
  storageHost: string | undefined,
): Promise<LoadSource[]> {
  if (!Array.isArray(uris) || uris.length === 0) {
    throw new BigQueryError('required', 'Required parameter is missing: sourceUris', {
      location: 'sourceUris',
    })
  }
  const found = await Promise.all(uris.map((uri) => sourcesOfUri(String(uri), storageHost)))
  return found.flat()
}

/** A file that came with the request of the load. */
export async function sourceOfUpload(file: string): Promise<LoadSource> {
  const { size } = await stat(file)
  return { name: 'upload', bytes: size, open: async () => createReadStream(file) }
}

async function sourcesOfUri(uri: string, storageHost: string | undefined): Promise<LoadSource[]> {
  const { bucket, pattern } = parseGsUri(uri)
  if (storageHost === undefined) {
    throw new BigQueryError(
      'invalid',
      `${uri} cannot be read: no local Cloud Storage is known; start the local BigQuery with one ` +
        'or set STORAGE_EMULATOR_HOST.',
    )
  }
  const objects = await listObjects(storageHost, bucket, pattern)
  if (objects.length === 0) throw new BigQueryError('notFound', `Not found: URI ${uri}`)
  return objects.map(({ name, bytes }) => ({
    name: `gs://${bucket}/${name}`,
    bytes,
    open: () => openObject(storageHost, bucket, name),
  }))
}

/** The content of a source, unzipped where it begins as gzip does. */
export async function* readSource(source: LoadSource): AsyncGenerator<Buffer> {
  const chunks = (await source.open())[Symbol.asyncIterator]()
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const { value, done } = await chunks.next()
    if (done) break
    head = Buffer.concat([head, value])
  }
  const isGzip = head[0] === 0x1f && head[1] === 0x8b
  const all = concat(head, chunks)
  yield* isGzip ? unzipped(all, source.name) : all
}

async function* concat(head: Buffer, rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  if (head.length > 0) yield head
  for (;;) {
    const { value, done } = await rest.next()
    if (done) return
    yield value
  }
}

async function* unzipped(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const source = Readable.from(chunks)
  const gunzip = createGunzip()
  source.on('error', (error) => gunzip.destroy(error))
  try {
    for await (const chunk of source.pipe(gunzip)) yield chunk as Buffer
  } catch (cause) {
    const why = (cause as Error).message
    throw new BigQueryError('invalid', `Error while reading ${name}: not valid gzip (${why}).`, {
      cause,
    })
  }
}
