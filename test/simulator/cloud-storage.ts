import { createHash } from 'node:crypto'
import type { ObjectMetadata, ObjectStore } from '../../ingest/land-file.ts'
import { problemOfLine } from './check-line.ts'
import type { Instance } from './instance.ts'
import type { Network } from './network.ts'
import type { StoredMessage } from './stored-message.ts'
import type { World } from './world.ts'

/** A file under `output/`, and what became of its lines. */
export type StoredFile = {
  name: string
  metadata: ObjectMetadata
  body: Buffer
  /** The message ids of its lines. */
  ids: Set<string>
  isNoted: boolean
  /** How often load jobs have brought in its rows, and how often it was noted for that. */
  loads: number
  notings: number
}

export type CloudStorage = {
  /** The bucket as one instance reaches it. */
  storeFor(instance: Instance): ObjectStore
  file(name: string): StoredFile | undefined
  /** The files that have a line of the message. */
  filesOf(messageId: string): readonly StoredFile[]
  files(): number
}

const namePattern =
  /^output\/(order|inventory|user_activity|unknown)\/(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\/(\d\d)\/\1_\2\3\4\5\6(\d{4,})\.json$/

/** A bucket in memory that inspects each object as it is created; it can only be created once. */
export function createCloudStorage(
  world: World,
  { call }: Network,
  messages: ReadonlyMap<string, StoredMessage>,
): CloudStorage {
  const objects = new Map<string, StoredFile>()
  const filesOfMessage = new Map<string, StoredFile[]>()

  function create(name: string, body: Buffer, metadata: ObjectMetadata): boolean {
    if (objects.has(name)) return false
    const ids = inspect(name, body, metadata)
    const unloaded = { isNoted: false, loads: 0, notings: 0 }
    const file = { name, metadata, body, ids: new Set(ids), ...unloaded }
    objects.set(name, file)
    for (const id of ids) filesOfMessage.set(id, [...(filesOfMessage.get(id) ?? []), file])
    return true
  }

  /** Holds an object against what was published and answers the message ids of its lines. */
  function inspect(name: string, body: Buffer, metadata: ObjectMetadata): string[] {
    const [, eventType, year, month, day, hour, minute, number] = namePattern.exec(name) ?? []
    if (!eventType || Number(number) < 1) world.violate('I8', `an object is named ${name}`)
    const texts = body.toString().split('\n')
    if (texts.pop() !== '') world.violate('I3', `${name} does not end with a line`)
    const ids = texts.map((text) => /^\{"message_id":"(\d+)"/.exec(text)?.[1] ?? '')
    texts.forEach((text, index) => {
      const message = messages.get(ids[index] ?? '')
      if (!message) return world.violate('I3', `${name} has a line of nobody: ${text}`)
      const problem = problemOfLine(text, message, name)
      if (problem) world.violate('I3', problem)
      const inFolder = message.publishTime.startsWith(`${year}-${month}-${day}T${hour}:${minute}:`)
      if (!inFolder) world.violate('I8', `${message.id} of ${message.publishTime} is in ${name}`)
    })
    const expected = {
      batch_id: createHash('sha256').update(ids.toSorted().join('\n')).digest('hex'),
      lines: String(ids.length),
      first_message_id: ids[0],
      last_message_id: ids.at(-1),
    }
    if (ids.length === 0 || JSON.stringify(metadata) !== JSON.stringify(expected)) {
      world.violate('I3', `${name} has the metadata ${JSON.stringify(metadata)}`)
    }
    return ids
  }

  return {
    file: (name) => objects.get(name),
    filesOf: (messageId) => filesOfMessage.get(messageId) ?? [],
    files: () => objects.size,
    storeFor: (caller) => ({
      create: (name, body, metadata) =>
        call({
          caller,
          service: 'Cloud Storage',
          what: () => `${caller.name} creates ${name} with ${metadata.lines} lines`,
          effect: () => create(name, body, metadata),
        }),
      batchIdOf: (name) =>
        call({
          caller,
          service: 'Cloud Storage',
          what: () => `${caller.name} asks whose ${name} is`,
          effect: () => objects.get(name)?.metadata.batch_id,
        }),
      list: (folder) =>
        call({
          caller,
          service: 'Cloud Storage',
          what: () => `${caller.name} lists ${folder}`,
          effect: () => [...objects.keys()].filter((name) => name.startsWith(folder)),
        }),
    }),
  }
}
