import type { Bucket } from './bucket.ts'
import type { Reply, StorageRequest } from './http.ts'
import { readMultipart } from './multipart.ts'
import { readClaims, readFields } from './object-metadata.ts'
import { readConditions } from './preconditions.ts'
import { withSpool } from './spool.ts'
import { objectResource } from './stored-object.ts'
import { type Write, writeObject } from './write-object.ts'

/** `uploadType=media`: the body is the object. */
export async function insertMedia(bucket: Bucket, request: StorageRequest): Promise<Reply> {
  const write = describeWrite(request, {}, request.headers['content-type'])
  return insert(bucket, request, { write, content: request.body })
}

/** `uploadType=multipart`: metadata and object in one body. */
export async function insertMultipart(bucket: Bucket, request: StorageRequest): Promise<Reply> {
  const header = request.headers['content-type'] ?? ''
  const { json, contentType, content } = await readMultipart(request.body, header)
  return insert(bucket, request, { write: describeWrite(request, json, contentType), content })
}

/** What an upload is to become, from its metadata and its query. */
export function describeWrite(
  { query, headers }: StorageRequest,
  json: Record<string, unknown>,
  contentType: string | undefined,
): Write {
  const name = query.get('name') ?? (typeof json['name'] === 'string' ? json['name'] : '')
  const contentEncoding = query.get('contentEncoding')
  const fields = readFields({
    contentType: contentType ?? 'application/octet-stream',
    ...(contentEncoding !== null && { contentEncoding }),
    ...json,
  })
  return { name, fields, conditions: readConditions(query), claims: readClaims(json, headers) }
}

async function insert(
  bucket: Bucket,
  { origin }: StorageRequest,
  { write, content }: { write: Write; content: AsyncIterable<Buffer> },
): Promise<Reply> {
  return withSpool(bucket.uploads, async (spool) => {
    for await (const chunk of content) await spool.write(chunk)
    const object = writeObject(bucket, write, await spool.finish())
    return { body: objectResource(bucket.name, object, origin) }
  })
}
