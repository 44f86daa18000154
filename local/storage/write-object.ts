import { type Bucket, nextGeneration, putObject } from './bucket.ts'
import { checkObjectName } from './names.ts'
import { checkConditions, type Conditions } from './preconditions.ts'
import type { Spooled } from './spool.ts'
import { noBucket, StorageError } from './storage-error.ts'
import { type Claims } from './object-metadata.ts'
import type { ObjectFields, StoredObject } from './stored-object.ts'

/** Everything that makes an upload an object, once its bytes have arrived. */
export type Write = {
  name: string
  fields: ObjectFields
  conditions: Conditions
  /** Checksums that the client sent along. */
  claims: Claims
}

/** Checks and creates in one step: of two writers with ifGenerationMatch=0 only one succeeds. */
export function writeObject(bucket: Bucket, write: Write, spooled: Spooled): StoredObject {
  const { name, fields, conditions, claims } = write
  if (bucket.isGone) throw noBucket()
  checkObjectName(name)
  checkClaims(claims, spooled)
  checkConditions(conditions, bucket.objects.get(name), 'write')
  const { path, ...content } = spooled
  const now = Date.now()
  const generation = nextGeneration(bucket)
  const times = { created: now, updated: now }
  return putObject(
    bucket,
    { name, generation, metageneration: 1, ...content, ...times, fields },
    path,
  )
}

function checkClaims({ crc32c, md5Hash }: Claims, spooled: Spooled): void {
  if (crc32c !== undefined && crc32c !== spooled.crc32c) {
    const words = `Provided CRC32C "${crc32c}" doesn't match calculated CRC32C "${spooled.crc32c}".`
    throw new StorageError('invalid', words)
  }
  if (md5Hash !== undefined && md5Hash !== spooled.md5Hash) {
    const words = `Provided MD5 hash "${md5Hash}" doesn't match calculated MD5 hash "${spooled.md5Hash}".`
    throw new StorageError('invalid', words)
  }
}
