import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { StorageError } from './storage-error.ts'

const bucketName = /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/
// Line breaks are what Google refuses in object names.
const lineBreak = /[\r\n]/
// oxlint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f\\]/

export function checkBucketName(name: string): void {
  const tooLong = name.split('.').some((part) => part.length > 63 || part.length === 0)
  if (bucketName.test(name) && !tooLong && !name.startsWith('goog')) return
  throw new StorageError('invalid', `Invalid bucket name: '${name}'`)
}

export function checkObjectName(name: string): void {
  if (name === '') throw new StorageError('required', 'Required')
  const isReserved = name === '.' || name === '..' || name.startsWith('.well-known/acme-challenge/')
  if (isReserved || lineBreak.test(name) || !name.isWellFormed()) {
    throw new StorageError(
      'invalid',
      `Disallowed unicode characters present in object name '${name}'`,
    )
  }
  if (Buffer.byteLength(name) <= 1_024) return
  const words = 'The maximum object length is 1024 characters, but got a name with '
  throw new StorageError('invalid', `${words}${name.length} characters: '${name.slice(0, 40)}...'`)
}

/**
 * Where an object's bytes lie in its bucket's folder, so that other tools find them: under its own name.
 * Undefined for names that a folder cannot show, or that would lead out of it.
 */
export function plainPath(name: string): string | undefined {
  const parts = name.split('/')
  const isPlain = parts.every(
    (part) =>
      part !== '' &&
      part !== '.' &&
      part !== '..' &&
      !control.test(part) &&
      Buffer.byteLength(part) <= 255,
  )
  return isPlain ? join(...parts) : undefined
}

/** A file name for any object name. */
export function hashedName(name: string): string {
  return createHash('sha256').update(name).digest('hex')
}

/** Cloud Storage lists names by their UTF-8 bytes, which is the order of their code points. */
export function compareNames(one: string, other: string): number {
  const length = Math.min(one.length, other.length)
  for (let i = 0; i < length; i++) {
    const a = one.charCodeAt(i)
    const b = other.charCodeAt(i)
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? 1 : -1
  }
  return one.length - other.length
}

function isSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff
}
