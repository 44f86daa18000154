import { setTimeout } from 'node:timers/promises'
import { PubSub, v1 } from '@google-cloud/pubsub'
import type { Publication } from './faults.ts'

/** Where messages go; it answers with their ids, in order. */
export type Publisher = {
  publish(data: Buffer[]): Promise<string[]>
  close(): Promise<void>
}

export type Publishing = {
  publisher: Publisher
  /** When a message may go, in milliseconds since 1970; absent: at once. */
  due?: (publication: Publication, index: number) => number
  signal?: AbortSignal
  /** Told of every batch that was accepted. */
  onPublished(publications: Publication[], ids: string[]): void
}

/** What Pub/Sub takes in one request. */
const maxBatch = 1000
const maxBatchBytes = 8e6
const requestsAtOnce = 4

/** The client's own is a minute, long after a person has given up. */
const patience = {
  retry: {
    backoffSettings: {
      initialRetryDelayMillis: 100,
      retryDelayMultiplier: 2,
      maxRetryDelayMillis: 2000,
      initialRpcTimeoutMillis: 10_000,
      rpcTimeoutMultiplier: 1,
      maxRpcTimeoutMillis: 10_000,
      totalTimeoutMillis: 15_000,
    },
  },
}

/**
 * A publisher by the cheapest call of Google's client; `PUBSUB_EMULATOR_HOST` is respected, for the client of
 * topics reads it and tells the settings.
 */
export async function createPublisher(projectId: string, topic: string): Promise<Publisher> {
  const settings = await new PubSub({ projectId }).getClientConfig()
  const client = new v1.PublisherClient({ ...settings })
  const name = `projects/${projectId}/topics/${topic}`
  return {
    async publish(data) {
      const messages = data.map((bytes) => ({ data: bytes }))
      const [{ messageIds }] = await client.publish({ topic: name, messages }, patience)
      if (messageIds?.length !== data.length)
        throw new Error(`${name} answered without message ids`)
      return messageIds
    },
    close: () => client.close(),
  }
}

/** What the client's error says about the last attempt, without the history of all others. */
export function publishFailure(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const [last = text] = text.split(' : Previous errors')
  return /connect E\w+ [\w.:[\]]+[\w\]]/.exec(last)?.[0] ?? last
}

/** Publishes in order of the iterator, at most a few batches ahead of their answers. */
export async function publishAll(
  publications: Iterable<Publication>,
  { publisher, due = () => 0, signal, onPublished }: Publishing,
): Promise<void> {
  const underway = new Set<Promise<void>>()
  const failures: unknown[] = []

  async function send(batch: Publication[]): Promise<void> {
    const ids = await publisher.publish(batch.map(({ data }) => data))
    onPublished(batch, ids)
  }

  for await (const batch of inBatches(publications, due, signal)) {
    const sending: Promise<void> = send(batch)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => underway.delete(sending))
    underway.add(sending)
    if (underway.size >= requestsAtOnce) await Promise.race(underway)
    if (failures.length > 0) break
  }
  await Promise.all(underway)
  if (failures.length > 0) throw failures[0]
}

/** Hands over what is due, as soon as something is. */
async function* inBatches(
  publications: Iterable<Publication>,
  due: NonNullable<Publishing['due']>,
  signal?: AbortSignal,
): AsyncGenerator<Publication[]> {
  let batch: Publication[] = []
  let bytes = 0
  let index = 0

  for (const publication of publications) {
    const time = due(publication, index)
    if (batch.length > 0 && (isFull(batch, bytes) || time > Date.now())) {
      yield batch
      batch = []
      bytes = 0
    }
    if (!(await isTime(time, signal))) return
    batch.push(publication)
    bytes += publication.data.length
    index += 1
  }
  if (batch.length > 0) yield batch
}

function isFull(batch: Publication[], bytes: number): boolean {
  return batch.length >= maxBatch || bytes >= maxBatchBytes
}

/** Waits until then; false: it was called off. */
async function isTime(time: number, signal?: AbortSignal): Promise<boolean> {
  const rest = time - Date.now()
  if (rest > 0 && !signal?.aborted) {
    // Short waits are collected: a batch is worth more than a millisecond.
    const wait = setTimeout(Math.max(rest, 20), undefined, signal && { signal })
    await wait.catch((error: unknown) => {
      if (!signal?.aborted) throw error
    })
  }
  return !signal?.aborted
}
