import type { IncomingHttpHeaders } from 'node:http'
import { notSupported, StorageError } from './storage-error.ts'
import type { ObjectFields } from './stored-object.ts'

/** The checksums that a client sends along with an upload. */
export type Claims = { crc32c?: string; md5Hash?: string }

const texts = [
  'contentType',
  'contentEncoding',
  'contentDisposition',
  'contentLanguage',
  'cacheControl',
  'customTime',
  'storageClass',
] as const
const unsupported = ['eventBasedHold', 'temporaryHold', 'retention', 'kmsKeyName', 'contexts']

/** The fields that a client may set; unknown ones are passed over, as Google passes over those it fills itself. */
export function readFields(json: Record<string, unknown>): ObjectFields {
  return changeFields({}, json)
}

/** As PATCH does it: what is null is removed, `metadata` is changed key by key. */
export function changeFields(before: ObjectFields, json: Record<string, unknown>): ObjectFields {
  for (const field of unsupported) {
    if (json[field]) throw notSupported(`${field} of an object`)
  }
  const after: ObjectFields = { ...before }
  for (const field of texts) {
    const value = json[field]
    if (value === null || value === '') delete after[field]
    else if (typeof value === 'string') after[field] = value
    else if (value !== undefined) throw invalidField(field, value)
  }
  const { metadata } = json
  if (metadata === null) delete after.metadata
  else if (metadata !== undefined) after.metadata = changeMetadata(before.metadata ?? {}, metadata)
  return after
}

/** From the resource, from `X-Goog-Hash: crc32c=…,md5=…` and from `Content-MD5`. */
export function readClaims(json: Record<string, unknown>, headers: IncomingHttpHeaders): Claims {
  const claims: Claims = {}
  if (typeof json['crc32c'] === 'string') claims.crc32c = json['crc32c']
  if (typeof json['md5Hash'] === 'string') claims.md5Hash = json['md5Hash']
  if (headers['content-md5'] !== undefined) claims.md5Hash = String(headers['content-md5'])

  const hashes = String(headers['x-goog-hash'] ?? '').split(',')
  for (const hash of hashes) {
    const [, name, value] = /^\s*(crc32c|md5)=(.*?)\s*$/.exec(hash) ?? []
    if (name === 'crc32c' && value) claims.crc32c = value
    if (name === 'md5' && value) claims.md5Hash = value
  }
  return claims
}

function changeMetadata(before: Record<string, string>, change: unknown): Record<string, string> {
  if (typeof change !== 'object' || change === null || Array.isArray(change)) {
    throw invalidField('metadata', change)
  }
  const after = { ...before }
  for (const [key, value] of Object.entries(change)) {
    if (value === null) Reflect.deleteProperty(after, key)
    else if (typeof value === 'object') throw invalidField(`metadata.${key}`, value)
    else after[key] = String(value)
  }
  return after
}

function invalidField(field: string, value: unknown): StorageError {
  return new StorageError('invalid', `Invalid value for ${field}: ${JSON.stringify(value)}`)
}
