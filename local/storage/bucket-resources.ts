import type { BucketEntry, BucketMetadata, Buckets } from './buckets.ts'
import { readJson, type Reply, type StorageRequest } from './http.ts'
import { checkConditions, readConditions, wholeNumber } from './preconditions.ts'
import { notSupported, StorageError } from './storage-error.ts'

/** What would change how objects live or who may see them, and does not happen here. */
const unsupported: Record<string, (value: unknown) => boolean> = {
  versioning: (value) => isEnabled(value, 'enabled'),
  hierarchicalNamespace: (value) => isEnabled(value, 'enabled'),
  objectRetention: Boolean,
  retentionPolicy: Boolean,
  encryption: Boolean,
  billing: (value) => isEnabled(value, 'requesterPays'),
  defaultEventBasedHold: (value) => value === true,
}

/** What the server says itself, whatever a client sends. */
const ownFields = [
  'kind',
  'id',
  'selfLink',
  'name',
  'timeCreated',
  'updated',
  'metageneration',
  'etag',
  'projectNumber',
]

export async function create(buckets: Buckets, request: StorageRequest): Promise<Reply> {
  const json = await readJson(request)
  if (typeof json['name'] !== 'string') throw new StorageError('required', 'Required')

  const now = new Date().toISOString()
  const { metadata } = buckets.create({
    name: json['name'],
    timeCreated: now,
    updated: now,
    metageneration: 1,
    fields: change({}, json),
  })
  return { body: bucketResource(metadata, request.origin) }
}

export function list(buckets: Buckets, { query, origin }: StorageRequest): Reply {
  const prefix = query.get('prefix') ?? ''
  const after = Buffer.from(query.get('pageToken') ?? '', 'base64url').toString()
  const limit = wholeNumber(query, 'maxResults') || 1_000
  const found = buckets
    .list()
    .map(({ metadata }) => metadata)
    .filter(({ name }) => name.startsWith(prefix) && name > after)
  const items = found.slice(0, limit)
  const last = items.at(-1)
  return {
    body: {
      kind: 'storage#buckets',
      ...(items.length < found.length &&
        last && { nextPageToken: Buffer.from(last.name).toString('base64url') }),
      ...(items.length > 0 && { items: items.map((each) => bucketResource(each, origin)) }),
    },
  }
}

export function get({ metadata }: BucketEntry, { query, origin }: StorageRequest): Reply {
  checkConditions(readConditions(query), versionOf(metadata), 'read')
  return { body: bucketResource(metadata, origin) }
}

/** PATCH changes the fields that are named, PUT replaces them all. */
export async function update(
  buckets: Buckets,
  entry: BucketEntry,
  { request, replaces }: { request: StorageRequest; replaces: boolean },
): Promise<Reply> {
  const json = await readJson(request)
  const { metadata } = entry
  checkConditions(readConditions(request.query), versionOf(metadata), 'write')
  const changed = {
    ...metadata,
    updated: new Date().toISOString(),
    metageneration: metadata.metageneration + 1,
    fields: change(replaces ? {} : metadata.fields, json),
  }
  buckets.update(changed)
  return { body: bucketResource(changed, request.origin) }
}

export function remove(
  buckets: Buckets,
  { metadata }: BucketEntry,
  { query }: StorageRequest,
): Reply {
  checkConditions(readConditions(query), versionOf(metadata), 'write')
  buckets.remove(metadata.name)
  return { status: 204 }
}

function bucketResource(metadata: BucketMetadata, origin: string): object {
  const { name, timeCreated, updated, metageneration, fields } = metadata
  return {
    kind: 'storage#bucket',
    location: 'US',
    locationType: 'multi-region',
    storageClass: 'STANDARD',
    ...fields,
    id: name,
    selfLink: `${origin}/storage/v1/b/${name}`,
    projectNumber: '0',
    name,
    timeCreated,
    updated,
    metageneration: String(metageneration),
    etag: Buffer.from(String(metageneration)).toString('base64'),
  }
}

function change(
  before: Record<string, unknown>,
  json: Record<string, unknown>,
): Record<string, unknown> {
  const after = { ...before }
  for (const [field, value] of Object.entries(json)) {
    if (unsupported[field]?.(value)) throw notSupported(`${field} of a bucket`)
    if (ownFields.includes(field)) continue
    if (value === null) Reflect.deleteProperty(after, field)
    else after[field] = field === 'labels' ? changeLabels(before[field], value) : value
  }
  return after
}

function changeLabels(before: unknown, labels: unknown): unknown {
  const merged = Object.entries({ ...asObject(before), ...asObject(labels) })
  return Object.fromEntries(merged.filter(([, value]) => value !== null))
}

function versionOf({ metageneration }: BucketMetadata) {
  return { generation: 0, metageneration }
}

function isEnabled(value: unknown, field: string): boolean {
  return Boolean(asObject(value)[field])
}

function asObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
