/** What a client may say about an object; everything else the server knows by itself. */
export type ObjectFields = {
  contentType?: string
  contentEncoding?: string
  contentDisposition?: string
  contentLanguage?: string
  cacheControl?: string
  customTime?: string
  storageClass?: string
  metadata?: Record<string, string>
}

export type StoredObject = {
  name: string
  /** Microseconds since 1970, larger than that of any earlier object of the bucket. */
  generation: number
  metageneration: number
  size: number
  /** Base64 of the checksum, big-endian. */
  crc32c: string
  /** Composed objects have none. */
  md5Hash?: string
  componentCount?: number
  /** Milliseconds since 1970. */
  created: number
  updated: number
  fields: ObjectFields
  /** Where the bytes lie, under the root folder. */
  file: string
}

/** The JSON that Google's API calls an object. */
export function objectResource(bucket: string, object: StoredObject, origin: string): object {
  const { name, generation, metageneration, fields, created } = object
  const path = `/storage/v1/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}`
  const createdText = new Date(created).toISOString()
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    selfLink: `${origin}${path}`,
    mediaLink: `${origin}/download${path}?generation=${generation}&alt=media`,
    name,
    bucket,
    generation: String(generation),
    metageneration: String(metageneration),
    ...fields,
    storageClass: fields.storageClass ?? 'STANDARD',
    size: String(object.size),
    ...(object.md5Hash !== undefined && { md5Hash: object.md5Hash }),
    crc32c: object.crc32c,
    ...(object.componentCount !== undefined && { componentCount: object.componentCount }),
    etag: etagOf(object),
    timeCreated: createdText,
    updated: new Date(object.updated).toISOString(),
    timeStorageClassUpdated: createdText,
    timeFinalized: createdText,
  }
}

export function etagOf({ generation, metageneration }: StoredObject): string {
  return Buffer.from(`${generation}/${metageneration}`).toString('base64')
}
