import { repeat, type Clock } from './clock.ts'
import type { Message } from './event.ts'
import { backOffMs } from './retry.ts'

export type StreamRequest = {
  ackIds?: string[]
  modifyDeadlineAckIds?: string[]
  modifyDeadlineSeconds?: number[]
}

/** One open stream of deliveries. */
export type PullStream = {
  send(request: StreamRequest): void
  pause(): void
  resume(): void
  /** Says that nothing more will be sent; what is on its way may still arrive. */
  end(): void
  cancel(): void
}

export type StreamHandlers = {
  onMessages(messages: Message[]): void
  /** The stream is over; called once, with the reason if it was a failure. */
  onClose(error: unknown): void
}

/** A subscription as far as pulling needs it. */
export type Subscription = {
  openStream(handlers: StreamHandlers): PullStream
  acknowledge(ackIds: string[]): Promise<void>
  modifyDeadline(ackIds: string[], seconds: number): Promise<void>
}

/** Deliveries from all streams, and what became of them. */
export type Puller = {
  acknowledge(ackIds: string[]): void
  extend(ackIds: string[]): void
  /** Lets Pub/Sub deliver the messages again at once. */
  giveBack(ackIds: string[]): void
  pause(): void
  resume(): void
  /** Takes no more messages; what still arrives is given back. */
  stop(): void
  /** After `stop`: ends when everything that was said has reached Pub/Sub or has failed. */
  close(): Promise<void>
}

export type PullerOptions = {
  streams: number
  ackDeadlineSeconds: number
  clock: Clock
  random: () => number
  onMessages: (messages: Message[]) => void
  onFailure: (error: unknown) => void
  onSuccess: () => void
}

/** Pub/Sub takes half a megabyte a request; an ack id has up to about 200 bytes. */
const mostAckIds = 1_000
/** A stream that lived as long as this did not fail to open: it was closed in the normal course. */
const settledMs = 10_000

/** Keeps `streams` streams open, opening each again whenever it ends, with back-off. */
export function startPulling(subscription: Subscription, options: PullerOptions): Puller {
  const { clock, random, ackDeadlineSeconds, onMessages, onFailure, onSuccess } = options
  const open = new Set<PullStream>()
  const waiting = new Set<() => void>()
  const sending = new Set<Promise<void>>()
  let isPaused = false
  let isStopped = false
  let turn = 0

  function openStream(failures: number): void {
    const openedAt = clock.elapsed()
    let received = false
    const stream = subscription.openStream({
      onMessages(messages) {
        received = true
        onSuccess()
        if (isStopped) puller.giveBack(messages.map(({ ackId }) => ackId))
        else onMessages(messages)
      },
      onClose(error) {
        open.delete(stream)
        cancelSettled()
        if (isStopped) return
        const lived = received || clock.elapsed() - openedAt >= settledMs
        const failed = lived ? 1 : failures + 1
        // Pub/Sub itself ends a stream now and then: only a stream that never worked is a failure.
        if (!lived && error) onFailure(error)
        const cancel = clock.after(backOffMs(failed, random), () => {
          waiting.delete(cancel)
          openStream(failed)
        })
        waiting.add(cancel)
      },
    })
    open.add(stream)
    // Again and again: a call that failed meanwhile must not be the last word on Pub/Sub.
    const cancelSettled = repeat(clock, settledMs, onSuccess)
    if (isPaused) stream.pause()
  }

  /** On a stream that costs nothing extra; without one by a call of its own. */
  function send(ackIds: string[], request: (ids: string[]) => StreamRequest, call: Call): void {
    for (let from = 0; from < ackIds.length; from += mostAckIds) {
      const ids = ackIds.slice(from, from + mostAckIds)
      const streams = isStopped ? [] : [...open]
      const stream = streams[turn++ % streams.length]
      if (stream) {
        stream.send(request(ids))
        continue
      }
      const done = call(ids)
        .catch(onFailure)
        .finally(() => sending.delete(done))
      sending.add(done)
    }
  }

  function modifyDeadline(ackIds: string[], seconds: number): void {
    const request = (ids: string[]) => ({
      modifyDeadlineAckIds: ids,
      modifyDeadlineSeconds: ids.map(() => seconds),
    })
    send(ackIds, request, (ids) => subscription.modifyDeadline(ids, seconds))
  }

  const puller: Puller = {
    acknowledge: (ackIds) =>
      send(
        ackIds,
        (ids) => ({ ackIds: ids }),
        (ids) => subscription.acknowledge(ids),
      ),
    extend: (ackIds) => modifyDeadline(ackIds, ackDeadlineSeconds),
    giveBack: (ackIds) => modifyDeadline(ackIds, 0),
    pause() {
      isPaused = true
      for (const stream of open) stream.pause()
    },
    resume() {
      isPaused = false
      for (const stream of open) stream.resume()
    },
    stop() {
      isStopped = true
      for (const cancel of waiting) cancel()
      for (const stream of open) {
        stream.resume()
        stream.end()
      }
    },
    async close() {
      await Promise.all(sending)
      for (const stream of open) stream.cancel()
    },
  }
  for (let i = 0; i < options.streams; i++) openStream(0)
  return puller
}

type Call = (ackIds: string[]) => Promise<void>
