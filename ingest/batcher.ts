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
  key: string
  eventType: EventType
  minute: string
  events: Event[]
  bytes: number
  openedAt: number
}

export function createBatcher({ maxMessages, maxBytes, maxAgeMs }: BatchLimits): Batcher {
  // A Map keeps the order of insertion: the first entry is the oldest batch.
  const open = new Map<string, Open>()
  let latest: Open | undefined
  let messages = 0
  let bytes = 0

  /** Most events belong where the one before them went. */
  function openFor({ eventType, publishTime }: Event, now: number): Open {
    if (latest?.eventType === eventType && publishTime.startsWith(latest.minute)) return latest
    const minute = publishTime.slice(0, 16)
    const key = `${eventType} ${minute}`
    latest = open.get(key) ?? { key, eventType, minute, events: [], bytes: 0, openedAt: now }
    open.set(key, latest)
    return latest
  }

  function take(batch: Open): Batch {
    open.delete(batch.key)
    if (batch === latest) latest = undefined
    messages -= batch.events.length
    bytes -= batch.bytes
    return seal(batch)
  }

  return {
    add(event, now) {
      const batch = openFor(event, now)
      batch.events.push(event)
      batch.bytes += event.bytes
      messages++
      bytes += event.bytes
      const isFull = batch.events.length >= maxMessages || batch.bytes >= maxBytes
      return isFull ? take(batch) : undefined
    },
    takeDue(now) {
      const due = [...open.values()].filter(({ openedAt }) => now - openedAt >= maxAgeMs)
      return due.map(take)
    },
    takeExcess(held) {
      const excess: Batch[] = []
      for (const batch of open.values()) {
        if (messages < held.maxMessages / 2 && bytes < held.maxBytes / 2) break
        excess.push(take(batch))
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
