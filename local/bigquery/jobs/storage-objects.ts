import { BigQueryError } from '../bigquery-error.ts'

export type StoredObject = { name: string; bytes: number }

/** `gs://bucket/path`, where the path may hold one `*` that stands for any text. */
export function parseGsUri(uri: string): { bucket: string; pattern: string } {
  const match = /^gs:\/\/([^/*]+)\/(.+)$/s.exec(uri)
  const [, bucket, pattern] = match ?? []
  if (bucket === undefined || pattern === undefined) {
    throw new BigQueryError('invalid', `Invalid source URI: ${uri}. Expected gs://bucket/object.`)
  }
  if (pattern.split('*').length > 2) {
    throw new BigQueryError('invalid', `Invalid source URI: ${uri}. Only one wildcard is allowed.`)
  }
  return { bucket, pattern }
}

/** The objects of a bucket whose names match, in the order of their names. */
export async function listObjects(
  host: string,
  bucket: string,
  pattern: string,
): Promise<StoredObject[]> {
  const [prefix = '', suffix] = pattern.split('*')
  const matches = (name: string): boolean =>
    suffix === undefined
      ? name === pattern
      : name.length >= prefix.length + suffix.length && name.endsWith(suffix)

  const found: StoredObject[] = []
  let pageToken = ''
  do {
    const query = new URLSearchParams({ prefix, ...(pageToken && { pageToken }) })
    const response = await call(`${host}/storage/v1/b/${encodeURIComponent(bucket)}/o?${query}`)
    if (response.status === 404) {
      throw new BigQueryError('notFound', `Not found: Bucket ${bucket}`)
    }
    const page = (await response.json()) as {
      items?: { name: string; size: string }[]
      nextPageToken?: string
    }
    for (const { name, size } of page.items ?? []) {
      if (matches(name)) found.push({ name, bytes: Number(size) })
    }
    pageToken = page.nextPageToken ?? ''
  } while (pageToken !== '')
  return found
}

/** The stored bytes of an object, as they are. */
export async function openObject(
  host: string,
  bucket: string,
  name: string,
): Promise<AsyncIterable<Buffer>> {
  const response = await call(`${objectUrl(host, bucket, name)}?alt=media`)
  if (!response.ok) throw new BigQueryError('notFound', `Not found: URI gs://${bucket}/${name}`)
  return buffersOf(response)
}

/** Stores an object, in the place of an older one. */
export async function writeObject(
  host: string,
  bucket: string,
  { name, body, contentType }: { name: string; body: Uint8Array; contentType: string },
): Promise<void> {
  const query = new URLSearchParams({ uploadType: 'media', name })
  const url = `${host}/upload/storage/v1/b/${encodeURIComponent(bucket)}/o?${query}`
  const response = await call(url, {
    method: 'POST',
    headers: { 'content-type': contentType },
    body: body as Uint8Array<ArrayBuffer>,
  })
  if (response.status === 404) throw new BigQueryError('notFound', `Not found: Bucket ${bucket}`)
  if (!response.ok) {
    throw new BigQueryError(
      'invalid',
      `Cannot write gs://${bucket}/${name}: ${response.statusText}`,
    )
  }
}

function objectUrl(host: string, bucket: string, name: string): string {
  return `${host}/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`
}

async function call(url: string, init?: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init)
  } catch (cause) {
    const { origin } = new URL(url)
    throw new BigQueryError('invalid', `The local Cloud Storage at ${origin} does not answer.`, {
      cause,
    })
  }
}

async function* buffersOf({ body }: Response): AsyncGenerator<Buffer> {
  for await (const chunk of body ?? []) yield Buffer.from(chunk)
}
