import type { Bucket } from '@google-cloud/storage'
import type { Span } from './span.ts'

/** An object as Cloud Storage describes it without its content. */
export type StoredFile = {
  name: string
  crc32c: string
  createdAt: number
  metadata: Record<string, unknown>
}

/** The objects of a span in the order of their names, a page at a time. */
export async function* listObjects(bucket: Bucket, span: Span): AsyncGenerator<StoredFile> {
  let pageToken: string | undefined
  do {
    const [files, next] = await bucket.getFiles({
      prefix: span.prefix,
      startOffset: span.start,
      endOffset: span.end,
      autoPaginate: false,
      maxResults: 1_000,
      ...(pageToken !== undefined && { pageToken }),
    })
    for (const { name, metadata } of files) yield storedFile(name, metadata)
    pageToken = next && 'pageToken' in next ? String(next.pageToken) : undefined
  } while (pageToken !== undefined)
}

/** The same of one object; undefined where there is none. */
export async function findObject(bucket: Bucket, name: string): Promise<StoredFile | undefined> {
  const file = bucket.file(name)
  const [exists] = await file.exists()
  if (!exists) return undefined
  const [metadata] = await file.getMetadata()
  return storedFile(name, metadata)
}

function storedFile(
  name: string,
  { crc32c, timeCreated, metadata }: Record<string, unknown>,
): StoredFile {
  return {
    name,
    crc32c: String(crc32c),
    createdAt: Date.parse(String(timeCreated)),
    metadata: typeof metadata === 'object' && metadata !== null ? { ...metadata } : {},
  }
}
