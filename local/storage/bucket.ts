import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { type Journal, openJournal, writeJournal } from './journal.ts'
import { compareNames } from './names.ts'
import { moveIntoPlace, placeFor, removeEmptyFolder, removeFile } from './object-files.ts'
import { addName, removeName, type SortedNames } from './sorted-names.ts'
import type { StoredObject } from './stored-object.ts'

/** `temporary` is the file that becomes the object's bytes; without it only the metadata changed. */
type Entry = { put: StoredObject; temporary?: string } | { remove: string }

/**
 * The objects of one bucket. Their bytes lie under `<root>/<bucket>/`, all else under
 * `<root>/.metadata/<bucket>/`. Every change is one synchronous step, so nothing comes between a look at
 * an object and its change.
 */
export type Bucket = {
  name: string
  root: string
  /** Where uploads wait; on the same disk, so that a rename makes them objects. */
  uploads: string
  objects: Map<string, StoredObject>
  sorted: SortedNames
  journal: Journal<Entry>
  lastGeneration: number
  /** It was deleted; an upload that is still on its way must not revive it. */
  isGone: boolean
}

/** Opens the bucket as its last process left it, even a killed one. */
export function openBucket(root: string, name: string): Bucket {
  const folder = join(root, '.metadata', name)
  const uploads = join(folder, 'uploads')
  const path = join(folder, 'objects.jsonl')
  mkdirSync(uploads, { recursive: true })
  mkdirSync(join(root, name), { recursive: true })

  const { entries, close } = openJournal<Entry>(path)
  close()
  finishLast(root, entries)
  const objects = replay(root, entries)
  if (entries.length > objects.size) {
    writeJournal(
      path,
      [...objects.values()].map((put): Entry => ({ put })),
    )
  }
  for (const file of readdirSync(uploads)) rmSync(join(uploads, file))

  let lastGeneration = 0
  for (const { generation } of objects.values()) {
    lastGeneration = Math.max(lastGeneration, generation)
  }
  const sorted = { names: [...objects.keys()].toSorted(compareNames) }
  const journal = openJournal<Entry>(path)
  return { name, root, uploads, objects, sorted, journal, lastGeneration, isGone: false }
}

/** Removes what is left of an empty bucket; files that somebody put into its folder stay. */
export function destroyBucket(bucket: Bucket): void {
  const { root, name, journal } = bucket
  bucket.isGone = true
  journal.close()
  rmSync(join(root, '.metadata', name), { recursive: true })
  removeEmptyFolder(join(root, name))
}

/** Makes the object exist with the bytes of a finished upload. */
export function putObject(
  bucket: Bucket,
  described: Omit<StoredObject, 'file'>,
  upload: string,
): StoredObject {
  const { root, journal } = bucket
  const file =
    bucket.objects.get(described.name)?.file ?? placeFor(root, bucket.name, described.name)
  const object = { ...described, file }
  const temporary = relative(root, upload)
  journal.append({ put: object, temporary })
  moveIntoPlace(root, temporary, file)
  remember(bucket, object)
  return object
}

/** Changes what is known about an object, not its bytes. */
export function describeObject(bucket: Bucket, object: StoredObject): void {
  bucket.journal.append({ put: object })
  remember(bucket, object)
}

export function removeObject(bucket: Bucket, { name, file }: StoredObject): void {
  bucket.journal.append({ remove: name })
  bucket.objects.delete(name)
  removeName(bucket.sorted, name)
  removeFile(bucket.root, file)
}

/** Microseconds, and never the same twice. */
export function nextGeneration(bucket: Bucket): number {
  bucket.lastGeneration = Math.max(Date.now() * 1_000, bucket.lastGeneration + 1)
  return bucket.lastGeneration
}

function remember(bucket: Bucket, object: StoredObject): void {
  if (!bucket.objects.has(object.name)) addName(bucket.sorted, object.name)
  bucket.objects.set(object.name, object)
}

/** The process may have been killed between the last line of the journal and what the line says. */
function finishLast(root: string, entries: Entry[]): void {
  const last = entries.at(-1)
  if (!last) return
  if ('put' in last) {
    const isWaiting = last.temporary !== undefined && existsSync(join(root, last.temporary))
    if (isWaiting && last.temporary) moveIntoPlace(root, last.temporary, last.put.file)
    return
  }
  const before = entries.findLast((entry) => 'put' in entry && entry.put.name === last.remove)
  if (before && 'put' in before) removeFile(root, before.put.file)
}

/** A file that somebody deleted is an object no more. */
function replay(root: string, entries: Entry[]): Map<string, StoredObject> {
  const objects = new Map<string, StoredObject>()
  for (const entry of entries) {
    if ('put' in entry) objects.set(entry.put.name, entry.put)
    else objects.delete(entry.remove)
  }
  for (const { name, file } of objects.values()) {
    if (!existsSync(join(root, file))) objects.delete(name)
  }
  return objects
}
