import { readLedger } from '../../ingest/load-ledger.ts'
import type { Loading } from '../../ingest/pending-files.ts'
import type { Table } from './bigquery.ts'
import type { CloudStorage, StoredFile } from './cloud-storage.ts'
import type { Instance } from './instance.ts'
import type { Network } from './network.ts'
import type { StoredMessage } from './stored-message.ts'
import type { World } from './world.ts'

export type Pending = {
  /** The notes, the ledger and the files of the bucket, as one instance reaches them. */
  portsFor(instance: Instance): Pick<Loading, 'notes' | 'ledger' | 'readFile'>
  /** Whether a load is to bring in a row of the message. */
  isNoted(messageId: string): boolean
  /** Whether nothing is noted and no load is open. */
  isEmpty(): boolean
}

/** `pending/` of the bucket in memory: it looks at each note when it is made and when it goes. */
export function createPending(
  world: World,
  { call }: Network,
  messages: ReadonlyMap<string, StoredMessage>,
  storage: CloudStorage,
  table: Table,
): Pending {
  const { violate, scheduler } = world
  const noted = new Set<StoredFile>()
  const readers = new Map<StoredFile, Instance>()
  const ledger = { text: undefined as string | undefined, version: 0 }

  function add(name: string): void {
    const file = storage.file(name)
    if (!file) return violate('I1', `${name} is noted before it is there`)
    if (file.isNoted) return
    file.isNoted = true
    file.notings++
    noted.add(file)
    for (const id of file.ids) if (table.isTakenInPart(id)) excuse(id)
  }

  function remove(name: string): void {
    const file = storage.file(name)
    if (!file?.isNoted) return
    file.isNoted = false
    noted.delete(file)
    const missing = [...file.ids].filter((id) => table.rowsOf(id) === 0)
    if (missing.length > 0) violate('I1', `the note of ${name} goes before rows of ${missing}`)
  }

  /** Only who lands the rows of a bad file reads it: another reader takes over from one that ended. */
  function read(name: string, reader: Instance): Buffer | undefined {
    const file = storage.file(name)
    if (!file) return undefined
    const before = readers.get(file)
    readers.set(file, reader)
    const isTakenOver = before !== undefined && before !== reader
    const hadReason = !before?.isAlive || before.hinderedUntil > scheduler.now() - takeOverMs
    if (isTakenOver && hadReason) for (const id of file.ids) excuse(id)
    return file.body
  }

  function replace(text: string, version: string): string | undefined {
    if (version !== String(ledger.version)) return undefined
    readLedger(text)
    Object.assign(ledger, { text, version: ledger.version + 1 })
    return String(ledger.version)
  }

  /** One more row of the message has a reason. */
  function excuse(messageId: string): void {
    const message = messages.get(messageId)
    if (message) message.causesOfRows++
  }

  return {
    isNoted: (messageId) => storage.filesOf(messageId).some(({ isNoted }) => isNoted),
    isEmpty: () => noted.size === 0 && readLedger(ledger.text).loads.length === 0,
    portsFor(caller) {
      const ask = <T>(what: string, effect: () => T, onLostReply = () => {}) =>
        call({
          caller,
          service: 'Cloud Storage',
          what: () => `${caller.name} ${what}`,
          effect,
          onLostReply,
        })
      return {
        notes: {
          add: (name) =>
            ask(
              `notes ${name}`,
              () => add(name),
              // The note may come, or come again, when the file has been loaded.
              () => {
                for (const id of storage.file(name)?.ids ?? []) excuse(id)
              },
            ),
          list: (most) =>
            ask('lists notes', () => [...noted].map(({ name }) => name).slice(0, most)),
          remove: (name) => ask(`removes the note of ${name}`, () => remove(name)),
        },
        ledger: {
          read: () =>
            ask('reads the ledger', () => ({ text: ledger.text, version: `${ledger.version}` })),
          replace: (text, version) =>
            ask(`replaces the ledger ${version} by ${text}`, () => replace(text, version)),
        },
        readFile: (name) => ask(`reads ${name}`, () => read(name, caller)),
      }
    },
  }
}

/** A claim that was not renewed for so long may be taken over. */
const takeOverMs = 330_000
