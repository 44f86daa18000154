import type { Readable } from 'node:stream'
import { type Bucket, removeObject } from './bucket.ts'
import { streamContent } from './content.ts'
import { readJson, type Reply, type StorageRequest } from './http.ts'
import { readFields } from './object-metadata.ts'
import { findObject } from './objects.ts'
import { checkConditions, readConditions } from './preconditions.ts'
import { type Spooled, withSpool } from './spool.ts'
import { StorageError } from './storage-error.ts'
import { type ObjectFields, objectResource, type StoredObject } from './stored-object.ts'
import { type Write, writeObject } from './write-object.ts'

export type Place = { bucket: Bucket; name: string }

/** `copyTo`: answers with the new object. */
export async function copy(source: Place, target: Place, request: StorageRequest): Promise<Reply> {
  const object = await copyObject(source, target, request)
  return { body: objectResource(target.bucket.name, object, request.origin) }
}

/** `rewriteTo`: always done at once, so no client needs a second call. */
export async function rewrite(
  source: Place,
  target: Place,
  request: StorageRequest,
): Promise<Reply> {
  const object = await copyObject(source, target, request)
  return {
    body: {
      kind: 'storage#rewriteResponse',
      totalBytesRewritten: String(object.size),
      objectSize: String(object.size),
      done: true,
      resource: objectResource(target.bucket.name, object, request.origin),
    },
  }
}

/** `compose`: several objects of a bucket, one behind the other. */
export async function compose(target: Place, request: StorageRequest): Promise<Reply> {
  const { bucket, name } = target
  const { sourceObjects, destination } = await readJson(request)
  const sources = readSources(bucket, sourceObjects)
  const contents = sources.map((source) => streamContent(bucket, source))
  const contentType = sources[0]?.fields.contentType
  const fields = readFields({ ...(contentType && { contentType }), ...asObject(destination) })
  const write = { name, fields, conditions: readConditions(request.query), claims: {} }

  const object = await writeContents(bucket, contents, write, ({ path, size, crc32c }) => ({
    path,
    size,
    crc32c,
    componentCount: sources.reduce((sum, { componentCount = 1 }) => sum + componentCount, 0),
  }))
  return { body: objectResource(bucket.name, object, request.origin) }
}

/** `moveTo`, within a bucket: the source is gone only after the new object exists. */
export async function move(source: Place, target: Place, request: StorageRequest): Promise<Reply> {
  const before = source.bucket.objects.get(source.name)
  const object = await copyObject(source, target, request)
  // What was written to the source meanwhile stays.
  const isSame = source.bucket.objects.get(source.name) === before
  if (before && isSame && source.name !== target.name) removeObject(source.bucket, before)
  return { body: objectResource(target.bucket.name, object, request.origin) }
}

/** The body may bring new metadata; without it the object keeps its own. */
async function copyObject(
  source: Place,
  { bucket, name }: Place,
  request: StorageRequest,
): Promise<StoredObject> {
  const json = await readJson(request)
  const { query } = request
  const before = findObject(source.bucket, source.name, query, 'sourceGeneration')
  checkConditions(readConditions(query, 'ifSource'), before, 'write')
  const isDescribed = Object.keys(json).length > 0
  const { contentType } = before.fields
  const fields: ObjectFields = isDescribed
    ? readFields({ ...(contentType && { contentType }), ...json })
    : before.fields
  const write = { name, fields, conditions: readConditions(query), claims: {} }
  const contents = [streamContent(source.bucket, before)]
  return writeContents(bucket, contents, write, (spooled) => spooled)
}

async function writeContents(
  bucket: Bucket,
  contents: Readable[],
  write: Write,
  describe: (spooled: Spooled) => Spooled,
): Promise<StoredObject> {
  try {
    return await withSpool(bucket.uploads, async (spool) => {
      for (const content of contents) {
        for await (const chunk of content) await spool.write(chunk)
      }
      return writeObject(bucket, write, describe(await spool.finish()))
    })
  } finally {
    for (const content of contents) content.destroy()
  }
}

const maxSources = 32

function readSources(bucket: Bucket, sourceObjects: unknown): StoredObject[] {
  if (!Array.isArray(sourceObjects) || sourceObjects.length === 0) {
    throw new StorageError('required', 'You must provide at least one source component.')
  }
  if (sourceObjects.length > maxSources) {
    const words = `The number of source components provided (${sourceObjects.length}) exceeds the maximum (${maxSources})`
    throw new StorageError('invalid', words)
  }
  return sourceObjects.map((each) => {
    const { name, generation, objectPreconditions } = asObject(each)
    const query = new URLSearchParams()
    if (generation !== undefined) query.set('generation', String(generation))
    const { ifGenerationMatch } = asObject(objectPreconditions)
    if (ifGenerationMatch !== undefined) query.set('ifGenerationMatch', String(ifGenerationMatch))
    const object = findObject(bucket, String(name), query)
    checkConditions(readConditions(query), object, 'write')
    return object
  })
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
