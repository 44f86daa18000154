import { createHash } from 'node:crypto'
import type { Event, EventType } from './event.ts'

/** Events of one type and one publish minute, frozen: they land together in one file. */
export type Batch = {
  /** The same for the same messages, whoever landed them and in whatever order. */
  id: string
  eventType: EventType
  /** Publish minute, UTC: `2025-02-08T13:09`. */
  minute: string
  events: readonly Event[]
  bytes: number
}

export type BatchLimits = { maxMessages: number; maxBytes: number; maxAgeMs: number }

/** Gathers events into batches; whoever takes a batch from it must land it. */
export type Batcher = {
  /** Answers the batch that this event filled, if any. */
  add(event: Event, now: number): Batch | undefined
  /** The open batches that have reached their age. */
  takeDue(now: number): Batch[]
  /**
   * The oldest open batches, as long as all of them hold half of what may be held or more: many
   * small ones must not keep out what would fill them.
   */
  takeExcess(held: { maxMessages: number; maxBytes: number }): Batch[]
}

type Open = {
  eventType: EventType
  minute: string
  events: Event[]
  bytes: number
  openedAt: number
}

export function createBatcher({ maxMessages, maxBytes, maxAgeMs }: BatchLimits): Batcher {
  // A Map keeps the order of insertion: the first entry is the oldest batch.
  const open = new Map<string, Open>()
  let messages = 0
  let bytes = 0

  function take(key: string, batch: Open): Batch {
    open.delete(key)
    messages -= batch.events.length
    bytes -= batch.bytes
    return seal(batch)
  }

  return {
    add(event, now) {
      const minute = event.publishTime.slice(0, 16)
      const key = `${event.eventType} ${minute}`
      let batch = open.get(key)
      if (!batch) {
        batch = { eventType: event.eventType, minute, events: [], bytes: 0, openedAt: now }
        open.set(key, batch)
      }
      batch.events.push(event)
      batch.bytes += event.bytes
      messages++
      bytes += event.bytes
      const isFull = batch.events.length >= maxMessages || batch.bytes >= maxBytes
      return isFull ? take(key, batch) : undefined
    },
    takeDue(now) {
      const due = [...open].filter(([, batch]) => now - batch.openedAt >= maxAgeMs)
      return due.map(([key, batch]) => take(key, batch))
    },
    takeExcess(held) {
      const excess: Batch[] = []
      for (const [key, batch] of open) {
        if (messages < held.maxMessages / 2 && bytes < held.maxBytes / 2) break
        excess.push(take(key, batch))
      }
      return excess
    },
  }
}

function seal({ eventType, minute, events, bytes }: Open): Batch {
  const ids = events.map(({ messageId }) => messageId)
  const id = batchIdOf(ids, 'pubsub')
  return { id, eventType, minute, events, bytes }
}

/** The id of a batch of these messages; they have another one where they land again. */
export function batchIdOf(messageIds: readonly string[], source: string): string {
  const ids = messageIds.toSorted()
  if (source !== 'pubsub') ids.unshift(source)
  return createHash('sha256').update(ids.join('\n')).digest('hex')
}
