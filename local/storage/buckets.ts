import { readdirSync, readFileSync, renameSync, writeFileSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Bucket, destroyBucket, openBucket } from './bucket.ts'
import { lockFolder } from './folder-lock.ts'
import { checkBucketName } from './names.ts'
import { noBucket, StorageError } from './storage-error.ts'

/** What a client may say about a bucket, and what the server adds; kept as it is. */
export type BucketMetadata = {
  name: string
  timeCreated: string
  updated: string
  metageneration: number
  fields: Record<string, unknown>
}

export type BucketEntry = { metadata: BucketMetadata; bucket: Bucket }

/** All buckets of one folder. */
export type Buckets = {
  get(name: string): BucketEntry
  list(): BucketEntry[]
  create(metadata: BucketMetadata): BucketEntry
  update(metadata: BucketMetadata): void
  remove(name: string): void
  close(): void
}

/** Opens the folder as the last process left it; nobody else may have it open. */
export async function openBuckets(root: string): Promise<Buckets> {
  const metadataFolder = join(root, '.metadata')
  const unlock = await lockFolder(root)
  let entries: Map<string, BucketEntry>
  try {
    entries = readBuckets(root, metadataFolder)
  } catch (error) {
    unlock()
    throw error
  }

  function save(metadata: BucketMetadata): void {
    const path = descriptionOf(metadataFolder, metadata.name)
    writeFileSync(`${path}.new`, JSON.stringify(metadata, null, 2))
    renameSync(`${path}.new`, path)
  }

  function get(name: string): BucketEntry {
    const entry = entries.get(name)
    if (!entry) throw noBucket()
    return entry
  }

  return {
    get,
    list: () =>
      [...entries.values()].toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1)),
    create(metadata) {
      const { name } = metadata
      checkBucketName(name)
      if (entries.has(name)) {
        const words =
          'Your previous request to create the named bucket succeeded and you already own it.'
        throw new StorageError('conflict', words)
      }
      const entry = { metadata, bucket: openBucket(root, name) }
      save(metadata)
      entries.set(name, entry)
      return entry
    },
    update(metadata) {
      save(metadata)
      get(metadata.name).metadata = metadata
    },
    remove(name) {
      const { bucket } = get(name)
      if (bucket.objects.size > 0) {
        throw new StorageError('conflict', 'The bucket you tried to delete is not empty.')
      }
      entries.delete(name)
      destroyBucket(bucket)
    },
    close() {
      for (const { bucket } of entries.values()) bucket.journal.close()
      unlock()
    },
  }
}

function readBuckets(root: string, metadataFolder: string): Map<string, BucketEntry> {
  const entries = new Map<string, BucketEntry>()
  for (const name of readdirSync(metadataFolder)) {
    const description = descriptionOf(metadataFolder, name)
    // A bucket exists from the moment that its description does.
    if (!existsSync(description)) continue
    const metadata: BucketMetadata = JSON.parse(readFileSync(description, 'utf8'))
    entries.set(name, { metadata, bucket: openBucket(root, name) })
  }
  return entries
}

function descriptionOf(metadataFolder: string, name: string): string {
  return join(metadataFolder, name, 'bucket.json')
}
