import { lstatSync, mkdirSync, renameSync, rmdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hashedName, plainPath } from './names.ts'

/**
 * Under its own name, unless something else is in the way there: an object `a` where `a/b` wants a folder,
 * a name that differs only in case on a disk that does not see it, a file that somebody put there.
 */
export function placeFor(root: string, bucket: string, name: string): string {
  const plain = plainPath(name)
  const place = plain && join(bucket, plain)
  if (place && isFree(join(root, place))) return place
  return join('.metadata', bucket, 'bytes', hashedName(name))
}

function isFree(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) === undefined
  } catch (error) {
    // A part of the path is a file.
    if (codeOf(error) === 'ENOTDIR') return false
    throw error
  }
}

/** A rename, which happens or does not; missing folders are made. */
export function moveIntoPlace(root: string, temporary: string, file: string): void {
  const [from, to] = [join(root, temporary), join(root, file)]
  try {
    renameSync(from, to)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    mkdirSync(dirname(to), { recursive: true })
    renameSync(from, to)
  }
}

/** Folders that it leaves empty go as well: in Cloud Storage there are none. */
export function removeFile(root: string, file: string): void {
  rmSync(join(root, file), { force: true })
  const [first = '', second = ''] = file.split('/')
  const keep = first === '.metadata' ? join(first, second) : first
  let folder = dirname(file)
  while (folder !== keep && removeEmptyFolder(join(root, folder))) folder = dirname(folder)
}

/** False: it is not empty. */
export function removeEmptyFolder(path: string): boolean {
  try {
    rmdirSync(path)
  } catch (error) {
    if (codeOf(error) === 'ENOTEMPTY') return false
    if (codeOf(error) !== 'ENOENT') throw error
  }
  return true
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
