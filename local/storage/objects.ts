import { type Bucket, describeObject, removeObject } from './bucket.ts'
import { downloadObject } from './download.ts'
import { readJson, type Reply, type StorageRequest } from './http.ts'
import { listObjects } from './list-objects.ts'
import { changeFields, readFields } from './object-metadata.ts'
import { checkConditions, readConditions, wholeNumber } from './preconditions.ts'
import { noObject } from './storage-error.ts'
import { type ObjectFields, objectResource, type StoredObject } from './stored-object.ts'

export function list(bucket: Bucket, { query, origin }: StorageRequest): Reply {
  const { items, prefixes, nextPageToken } = listObjects(bucket, query)
  return {
    body: {
      kind: 'storage#objects',
      ...(nextPageToken && { nextPageToken }),
      ...(prefixes.length > 0 && { prefixes }),
      ...(items.length > 0 && {
        items: items.map((object) => objectResource(bucket.name, object, origin)),
      }),
    },
  }
}

/** The metadata, or with alt=media the bytes. */
export function get(bucket: Bucket, name: string, request: StorageRequest): Reply {
  const object = findObject(bucket, name, request.query)
  checkConditions(readConditions(request.query), object, 'read')
  if (request.query.get('alt') === 'media') return downloadObject(bucket, object, request)
  return { body: objectResource(bucket.name, object, request.origin) }
}

/** PATCH: fields that are not named stay as they are. */
export async function patch(bucket: Bucket, name: string, request: StorageRequest): Promise<Reply> {
  const json = await readJson(request)
  return describe(bucket, name, request, ({ fields }) => changeFields(fields, json))
}

/** PUT: fields that are not named are gone. */
export async function update(
  bucket: Bucket,
  name: string,
  request: StorageRequest,
): Promise<Reply> {
  const json = await readJson(request)
  return describe(bucket, name, request, () => readFields(json))
}

export function remove(bucket: Bucket, name: string, { query }: StorageRequest): Reply {
  const object = findObject(bucket, name, query)
  checkConditions(readConditions(query), object, 'write')
  removeObject(bucket, object)
  return { status: 204 }
}

/** There are no older generations here: asked for one, the answer is that there is no such object. */
export function findObject(
  bucket: Bucket,
  name: string,
  query: URLSearchParams,
  generationParameter = 'generation',
): StoredObject {
  const object = bucket.objects.get(name)
  const generation = wholeNumber(query, generationParameter)
  if (object && (generation === undefined || generation === object.generation)) return object
  throw noObject(bucket.name, name)
}

function describe(
  bucket: Bucket,
  name: string,
  { query, origin }: StorageRequest,
  change: (object: StoredObject) => ObjectFields,
): Reply {
  const before = findObject(bucket, name, query)
  checkConditions(readConditions(query), before, 'write')
  const object = {
    ...before,
    fields: change(before),
    metageneration: before.metageneration + 1,
    updated: Date.now(),
  }
  describeObject(bucket, object)
  return { body: objectResource(bucket.name, object, origin) }
}
