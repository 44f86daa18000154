import type { RowFailure, RowTable } from '../../ingest/land-rows.ts'
import { problemOfRow } from './check-line.ts'
import type { CloudStorage, StoredFile } from './cloud-storage.ts'
import { hinder, type Instance } from './instance.ts'
import type { Network } from './network.ts'
import type { StoredMessage } from './stored-message.ts'
import type { World } from './world.ts'

export type Table = {
  /** The table as one instance reaches it. */
  tableFor(instance: Instance): RowTable
  /** Brings in all lines of a file, as a load job does. */
  load(file: StoredFile): void
  /** How many rows a message has. */
  rowsOf(messageId: string): number
  /** Whether it has a row from a request whose other rows were not taken. */
  isTakenInPart(messageId: string): boolean
}

type Sent = { insertId: string; json: Record<string, unknown> }

const largestRequest = 10_000_000
/** How long BigQuery remembers an insertId, mostly. */
const memoryMs = 60_000
const longestBackOffMs = 30_000

/** `raw_events` in memory, with insertAll's habits: rows fail one by one, and an insertId may help. */
export function createTable(
  world: World,
  { call }: Network,
  messages: ReadonlyMap<string, StoredMessage>,
  storage: CloudStorage,
): Table {
  const { chance, faults, scheduler } = world
  const rows = new Map<string, number>()
  const remembered = new Map<string, number>()
  const takenInPart = new Set<string>()

  function insert(body: Buffer): RowFailure[] {
    if (body.length > largestRequest) world.violate('limits', `a request of ${body.length} bytes`)
    const { skipInvalidRows, rows: sent }: { skipInvalidRows?: boolean; rows: Sent[] } = JSON.parse(
      body.toString(),
    )
    const failures = sent.flatMap((row, index) => failureOf(row, index))
    if (skipInvalidRows !== true && failures.length > 0) {
      return sent.map((_, index) => ({ index, reason: 'stopped', message: '' }))
    }
    const failed = new Set(failures.map(({ index }) => index))
    sent.forEach((row, index) => {
      if (failed.has(index)) return
      if (failures.length > 0) takenInPart.add(row.insertId)
      append(row)
    })
    return failures
  }

  function failureOf({ insertId, json }: Sent, index: number): RowFailure[] {
    const message = messages.get(insertId)
    if (message?.publication.isRefused && json['payload'] !== undefined) {
      faults.count('row refused')
      return [{ index, reason: 'invalid', message: 'BigQuery knows why' }]
    }
    if (!faults.strikes('row not taken')) return []
    return [{ index, reason: chance.pick(['stopped', 'timeout', 'backendError']), message: '' }]
  }

  function append({ insertId, json }: Sent): void {
    const message = messages.get(insertId)
    if (!message) return world.violate('I2', `a row of nobody has the insertId ${insertId}`)
    const { isRefused, text } = message.publication
    const problem = problemOfRow(json, message, isRefused && text !== undefined)
    if (problem) world.violate('I2', problem)
    if (!storage.file(String(json['object_name']))?.ids.has(insertId)) {
      world.violate('I1', `the row of ${insertId} came before its line in ${json['object_name']}`)
    }
    const now = scheduler.now()
    const isKnown = now - (remembered.get(insertId) ?? -memoryMs) < memoryMs
    if (isKnown && !faults.strikes('repeated insertId')) return
    remembered.set(insertId, now)
    addRow(insertId)
  }

  function addRow(messageId: string): void {
    rows.set(messageId, (rows.get(messageId) ?? 0) + 1)
  }

  return {
    load(file) {
      for (const id of file.ids) addRow(id)
      if (++file.loads <= file.notings) return
      world.violate('I6', `${file.name}: ${file.loads} loads, noted ${file.notings} times`)
    },
    isTakenInPart: (messageId) => takenInPart.has(messageId),
    rowsOf: (messageId) => rows.get(messageId) ?? 0,
    tableFor: (caller) => ({
      insert: (body) =>
        call({
          caller,
          service: 'BigQuery',
          what: () => `${caller.name} inserts ${idsOf(body).join(' ')}`,
          effect() {
            const failures = insert(body)
            if (failures.length > 0) hinder(caller, scheduler.now() + longestBackOffMs)
            return failures
          },
          onLostReply() {
            for (const id of idsOf(body)) {
              const message = messages.get(id)
              if (message) message.causesOfRows++
            }
          },
        }),
    }),
  }
}

function idsOf(body: Buffer): string[] {
  return JSON.parse(body.toString()).rows.map(({ insertId }: Sent) => insertId)
}
