import type { PullStream, StreamHandlers, StreamRequest } from '../../ingest/streaming-pull.ts'
import { disturb, type Instance } from './instance.ts'
import type { StoredMessage } from './stored-message.ts'
import type { World } from './world.ts'

/** One delivery of a message, from when Pub/Sub sends it. */
export type Lease = {
  ackId: string
  message: StoredMessage
  stream: ServerStream
  since: number
  until: number
  /** The delivery waited on its way or was lost there: the ingester is not to blame for a lapse. */
  wasHeldUp: boolean
}

/** A stream as Pub/Sub sees it. */
export type ServerStream = {
  holder: Instance
  isOpen: boolean
  /** What it counts against the limits of flow control. */
  leases: Set<Lease>
  bytes: number
  deliver(leases: Lease[]): void
  /** Pub/Sub ends the stream, with an error or in the normal course. */
  close(error: Error | undefined): void
}

/** From now on the delivery counts against its stream's limits. */
export function occupy(lease: Lease): void {
  lease.stream.leases.add(lease)
  lease.stream.bytes += lease.message.publication.data.length
}

/** From now on it counts no longer; it may be said twice. */
export function free(lease: Lease): void {
  const { stream, message } = lease
  if (stream.leases.delete(lease)) stream.bytes -= message.publication.data.length
}

/** Both ends of a stream and the way between them, which keeps order and can break. */
export function openStream(
  world: World,
  holder: Instance,
  handlers: StreamHandlers,
  server: {
    hand(leases: Lease[], handlers: StreamHandlers): void
    receive(request: StreamRequest): void
  },
): { server: ServerStream; client: PullStream } {
  const { scheduler, chance, faults, note } = world
  let isClosed = false
  let isPaused = false
  let waiting: Lease[][] = []
  let lastDown = 0
  let lastUp = 0

  function travel(last: number): number {
    const isSlow = faults.strikes('slow call')
    const ms = isSlow ? chance.integer(1_000, 30_000) : chance.integer(1, 300)
    const arrival = Math.max(last, scheduler.now() + ms)
    if (isSlow) disturb(holder, arrival)
    return arrival
  }

  function arrive(leases: Lease[]): void {
    const isLost = isClosed
    if (isLost || isPaused) for (const lease of leases) lease.wasHeldUp = true
    if (isLost) return
    if (isPaused) waiting.push(leases)
    else server.hand(leases, handlers)
  }

  function ended(error: unknown): void {
    if (isClosed) return
    isClosed = true
    for (const lease of waiting.flat()) lease.wasHeldUp = true
    handlers.onClose(error)
  }

  const stream: ServerStream = {
    holder,
    isOpen: true,
    leases: new Set(),
    bytes: 0,
    deliver(leases) {
      lastDown = travel(lastDown)
      scheduler.after(lastDown - scheduler.now(), () => arrive(leases), holder)
    },
    close(error) {
      if (!stream.isOpen) return
      stream.isOpen = false
      lastDown = travel(lastDown)
      scheduler.after(lastDown - scheduler.now(), () => ended(error), holder)
    },
  }

  const client: PullStream = {
    send(request) {
      lastUp = travel(lastUp)
      scheduler.after(lastUp - scheduler.now(), () => {
        if (faults.strikes('stream broken') || faults.outageOf('Pub/Sub', scheduler.now())) {
          stream.close(new Error('Pub/Sub: unavailable'))
        }
        if (stream.isOpen) return server.receive(request)
        note(() => `Pub/Sub: a request of ${holder.name} is lost with its stream`)
        disturb(holder, scheduler.now())
      })
    },
    pause() {
      isPaused = true
    },
    resume() {
      isPaused = false
      const arrived = waiting
      waiting = []
      for (const leases of arrived) scheduler.after(0, () => arrive(leases), holder)
    },
    end() {
      lastUp = travel(lastUp)
      scheduler.after(lastUp - scheduler.now(), () => stream.close(undefined))
    },
    cancel() {
      stream.isOpen = false
      scheduler.after(0, () => ended(new Error('cancelled')), holder)
    },
  }
  return { server: stream, client }
}
