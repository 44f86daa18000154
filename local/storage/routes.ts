import * as bucketResources from './bucket-resources.ts'
import type { BucketEntry, Buckets } from './buckets.ts'
import * as copies from './copies.ts'
import type { Reply, StorageRequest } from './http.ts'
import * as objects from './objects.ts'
import type { ResumableUploads } from './resumable.ts'
import { notSupported, StorageError } from './storage-error.ts'
import { insertMedia, insertMultipart } from './uploads.ts'

export type Handler = (request: StorageRequest) => Reply | Promise<Reply>

export type Route = {
  /** Methods and a path behind `/storage/v1`; `:name` stands for one part of it. */
  on: string
  handle: Handler
}

/** Cloud Storage's JSON API, as far as its clients need it to work with buckets and objects. */
export function createRoutes(buckets: Buckets, uploads: ResumableUploads): Route[] {
  const entry = ({ params }: StorageRequest): BucketEntry => buckets.get(params['bucket'] ?? '')
  const place = (request: StorageRequest, bucket = 'bucket', object = 'object'): copies.Place => ({
    bucket: buckets.get(request.params[bucket] ?? '').bucket,
    name: request.params[object] ?? '',
  })
  const onObject =
    (handle: (...args: Parameters<typeof objects.patch>) => Reply | Promise<Reply>): Handler =>
    (request) =>
      handle(place(request).bucket, place(request).name, request)
  const onCopy =
    (handle: typeof copies.copy): Handler =>
    (request) =>
      handle(place(request), place(request, 'toBucket', 'toObject'), request)

  return [
    { on: 'GET /b', handle: (request) => bucketResources.list(buckets, request) },
    { on: 'POST /b', handle: (request) => bucketResources.create(buckets, request) },
    {
      on: 'GET /b/:bucket',
      handle: (request) => bucketResources.get(entry(request), request),
    },
    {
      on: 'PATCH /b/:bucket',
      handle: (request) =>
        bucketResources.update(buckets, entry(request), { request, replaces: false }),
    },
    {
      on: 'PUT /b/:bucket',
      handle: (request) =>
        bucketResources.update(buckets, entry(request), { request, replaces: true }),
    },
    {
      on: 'DELETE /b/:bucket',
      handle: (request) => bucketResources.remove(buckets, entry(request), request),
    },
    { on: 'GET /b/:bucket/o', handle: (request) => objects.list(entry(request).bucket, request) },
    { on: 'POST /b/:bucket/o', handle: (request) => insert(entry(request), uploads, request) },
    { on: 'PUT /b/:bucket/o', handle: (request) => uploads.proceed(uploadId(request), request) },
    { on: 'DELETE /b/:bucket/o', handle: (request) => uploads.cancel(uploadId(request)) },
    { on: 'GET /b/:bucket/o/:object', handle: onObject(objects.get) },
    { on: 'PATCH /b/:bucket/o/:object', handle: onObject(objects.patch) },
    { on: 'PUT /b/:bucket/o/:object', handle: onObject(objects.update) },
    { on: 'DELETE /b/:bucket/o/:object', handle: onObject(objects.remove) },
    {
      on: 'POST /b/:bucket/o/:object/compose',
      handle: (request) => copies.compose(place(request), request),
    },
    {
      on: 'POST /b/:bucket/o/:object/copyTo/b/:toBucket/o/:toObject',
      handle: onCopy(copies.copy),
    },
    {
      on: 'POST /b/:bucket/o/:object/rewriteTo/b/:toBucket/o/:toObject',
      handle: onCopy(copies.rewrite),
    },
    {
      on: 'POST /b/:bucket/o/:object/moveTo/o/:toObject',
      handle: (request) =>
        copies.move(place(request), place(request, 'bucket', 'toObject'), request),
    },
  ]
}

/** The three ways to upload an object. */
function insert(
  { bucket }: BucketEntry,
  uploads: ResumableUploads,
  request: StorageRequest,
): Promise<Reply> {
  if (request.headers['x-goog-encryption-algorithm']) {
    throw notSupported('encryption keys of customers')
  }
  const uploadType = request.query.get('uploadType')
  if (uploadType === 'multipart') return insertMultipart(bucket, request)
  if (uploadType === 'resumable') return uploads.start(bucket, request)
  if (uploadType === 'media') return insertMedia(bucket, request)
  throw new StorageError('required', 'Required parameter: uploadType')
}

function uploadId({ query }: StorageRequest): string {
  const id = query.get('upload_id')
  if (id) return id
  throw new StorageError('required', 'Required parameter: upload_id')
}
