import { createReadStream, openSync } from 'node:fs'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import type { Bucket } from './bucket.ts'
import { noObject } from './storage-error.ts'
import type { StoredObject } from './stored-object.ts'

/**
 * Opens an object's bytes in the same step in which the object was found: what is read then is that
 * generation, even if the object is replaced or deleted meanwhile.
 */
export function openContent(bucket: Bucket, object: StoredObject): number {
  try {
    return openSync(join(bucket.root, object.file), 'r')
  } catch (error) {
    // Somebody deleted the file by hand.
    const isMissing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
    throw isMissing ? noObject(bucket.name, object.name) : error
  }
}

export function streamContent(bucket: Bucket, object: StoredObject): Readable {
  return createReadStream('', { fd: openContent(bucket, object) })
}
