import type { Batch } from './batcher.ts'
import { encodeLines } from './line.ts'
import { folderOf, numberOf, objectName } from './object-name.ts'

/** What an object says about its lines without being read. */
export type ObjectMetadata = {
  batch_id: string
  lines: string
  first_message_id: string
  last_message_id: string
}

/** Cloud Storage as far as landing needs it. */
export type ObjectStore = {
  /** Creates an object, or answers false if there is one of that name; it never overwrites. */
  create(name: string, body: Buffer, metadata: ObjectMetadata): Promise<boolean>
  /** The `batch_id` that an object was created with. */
  batchIdOf(name: string): Promise<string | undefined>
  list(folder: string): Promise<string[]>
}

/** Repeats what fails until it succeeds or the ingester stops. */
export type Persist = <T>(action: () => Promise<T>) => Promise<T>

const mostFoldersRemembered = 10_000

/**
 * Makes the function that lands a batch as one file and answers its name: the next free number of
 * its folder, or the file that an earlier attempt made whose answer was lost.
 */
export function createFileLander(
  store: ObjectStore,
): (batch: Batch, persist: Persist) => Promise<string> {
  const lastNumbers = new Map<string, number>()

  function claim(folder: string, known = 0): number {
    const number = Math.max(lastNumbers.get(folder) ?? 0, known) + 1
    lastNumbers.delete(folder)
    lastNumbers.set(folder, number)
    const [oldest] = lastNumbers.keys()
    if (lastNumbers.size > mostFoldersRemembered && oldest) lastNumbers.delete(oldest)
    return number
  }

  return async (batch, persist) => {
    const { id, eventType, minute, events } = batch
    const folder = folderOf(eventType, minute)
    const metadata = {
      batch_id: id,
      lines: String(events.length),
      first_message_id: events[0]?.messageId ?? '',
      last_message_id: events.at(-1)?.messageId ?? '',
    }
    let number = claim(folder)
    for (;;) {
      const name = objectName(eventType, minute, number)
      const body = encodeLines(events, name)
      if (await persist(() => store.create(name, body, metadata))) return name
      if ((await persist(() => store.batchIdOf(name))) === id) return name
      const names = await persist(() => store.list(folder))
      number = claim(folder, Math.max(0, ...names.map((taken) => numberOf(taken) ?? 0)))
    }
  }
}
