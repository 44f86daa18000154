import type { StreamRequest, Subscription } from '../../ingest/streaming-pull.ts'
import { createBacklog } from './backlog.ts'
import type { Instance } from './instance.ts'
import type { Publication } from './messages.ts'
import type { Network } from './network.ts'
import { keepAccount, textOf } from './pubsub-account.ts'
import { free, occupy, openStream, type Lease, type ServerStream } from './pubsub-stream.ts'
import type { StoredMessage } from './stored-message.ts'
import type { World } from './world.ts'

export type PubSub = {
  publish(publication: Publication): void
  subscriptionFor(instance: Instance): Subscription
  /** Each message that was published is acknowledged. */
  isDrained(): boolean
}

export type PubSubOptions = {
  ackDeadlineSeconds: number
  /** Of an ingester as a whole; its streams share them. */
  flow: { maxMessages: number; maxBytes: number }
  streams: number
  disorder: number
  messages: Map<string, StoredMessage>
  hasLanded(messageId: string): boolean
}

/** A subscription in memory: leases, flow control, redelivery, and streams that come and go. */
export function createPubSub(
  world: World,
  { call, interrupt }: Network,
  { ackDeadlineSeconds, flow, streams: streamCount, disorder, messages, hasLanded }: PubSubOptions,
): PubSub {
  const { scheduler, chance, faults, note, violate } = world
  const streams = new Set<ServerStream>()
  const leases = new Map<string, Lease>()
  const current = new Map<StoredMessage, Lease>()
  const waiting = createBacklog(chance, disorder)
  const account = keepAccount(world, { flow, hasLanded, interrupt, messageOf })
  let unacknowledged = 0
  let isPumpSet = false

  function messageOf(ackId: string): StoredMessage | undefined {
    return leases.get(ackId)?.message
  }

  function pumpSoon(): void {
    if (isPumpSet) return
    isPumpSet = true
    scheduler.after(chance.integer(0, 100), pump)
  }

  function pump(): void {
    isPumpSet = false
    for (const stream of streams) {
      if (!stream.isOpen || !stream.holder.isAlive) streams.delete(stream)
    }
    for (;;) {
      const stream = chance.anyOf([...streams].filter(hasRoom))
      if (!stream || waiting.isEmpty()) return
      if (faults.strikes('stream broken') || faults.outageOf('Pub/Sub', scheduler.now())) {
        end(stream, chance.happens(0.5) ? new Error('Pub/Sub: unavailable') : undefined)
        continue
      }
      const response: Lease[] = []
      const size = chance.integer(1, 20)
      while (response.length < size && hasRoom(stream)) {
        const message = waiting.take()
        if (!message) break
        response.push(lease(message, stream))
      }
      note(() => `Pub/Sub: sends ${textOf(response)} to ${stream.holder.name}`)
      stream.deliver(response)
    }
  }

  const mostOutstanding = Math.max(1, Math.floor(flow.maxMessages / streamCount))
  const mostBytes = Math.max(1, Math.floor(flow.maxBytes / streamCount))

  function hasRoom({ isOpen, leases: outstanding, bytes }: ServerStream): boolean {
    return isOpen && outstanding.size < mostOutstanding && bytes < mostBytes
  }

  function end(stream: ServerStream, error: Error | undefined): void {
    streams.delete(stream)
    stream.close(error)
  }

  function lease(message: StoredMessage, stream: ServerStream): Lease {
    message.deliveries++
    message.causesOfRows++
    const made: Lease = {
      ackId: `${message.id}/${message.deliveries}`,
      message,
      stream,
      since: scheduler.now(),
      until: scheduler.now() + ackDeadlineSeconds * 1000,
      wasHeldUp: false,
    }
    leases.set(made.ackId, made)
    occupy(made)
    current.set(message, made)
    scheduler.after(ackDeadlineSeconds * 1000, () => lookAtLapse(made))
    if (faults.strikes('redelivery')) {
      scheduler.after(chance.integer(0, 20_000), () => comeAgain(message))
    }
    return made
  }

  function lookAtLapse(made: Lease): void {
    const { message, stream, until, since, wasHeldUp } = made
    free(made)
    if (current.get(message) !== made) return pumpSoon()
    const left = until - scheduler.now()
    if (left > 0) {
      occupy(made)
      return void scheduler.after(left, () => lookAtLapse(made))
    }
    const { holder } = stream
    note(() => `Pub/Sub: the lease of ${made.ackId}, held by ${holder.name}, lapses`)
    if (holder.isAlive && !wasHeldUp && holder.disturbedUntil < since) {
      violate('leases', `${holder.name} let the lease of ${made.ackId} lapse`)
    }
    putBack(message)
  }

  function putBack(message: StoredMessage): void {
    current.delete(message)
    waiting.add(message)
    pumpSoon()
  }

  /** At least once is what Pub/Sub promises, and sometimes what it does. */
  function comeAgain(message: StoredMessage): void {
    if (message.isWaiting) return
    note(() => `Pub/Sub: ${message.id} will come again`)
    if (message.isAcknowledged) unacknowledged++
    message.isAcknowledged = false
    putBack(message)
  }

  function acknowledge(ackIds: string[]): void {
    for (const ackId of ackIds) {
      const made = leases.get(ackId)
      if (!made) {
        violate('I1', `nobody was given the ack id ${ackId}`)
        continue
      }
      const { message } = made
      free(made)
      // An ack id that lapsed may still do, or no longer.
      if (current.get(message) !== made && chance.happens(0.5)) continue
      if (!message.isAcknowledged) unacknowledged--
      message.isAcknowledged = true
      current.delete(message)
      waiting.remove(message)
    }
    pumpSoon()
  }

  function modifyDeadline(ackIds: string[], seconds: number): void {
    for (const ackId of ackIds) {
      const made = leases.get(ackId)
      if (!made || current.get(made.message) !== made) continue
      made.until = scheduler.now() + seconds * 1000
      if (seconds > 0) continue
      free(made)
      putBack(made.message)
    }
  }

  function receive({ ackIds, modifyDeadlineAckIds = [], modifyDeadlineSeconds }: StreamRequest) {
    if (ackIds) acknowledge(ackIds)
    modifyDeadlineAckIds.forEach((ackId, index) =>
      modifyDeadline([ackId], modifyDeadlineSeconds?.[index] ?? 0),
    )
  }

  return {
    isDrained: () => unacknowledged === 0,
    publish(publication) {
      const id = String(1_000 + messages.size)
      const publishTime = new Date(scheduler.now()).toISOString()
      const message: StoredMessage = {
        id,
        publishTime,
        publication,
        isAcknowledged: false,
        isWaiting: false,
        deliveries: 0,
        causesOfRows: 0,
      }
      messages.set(id, message)
      unacknowledged++
      note(() => `published ${id} (${publication.code ?? publication.eventType})`)
      putBack(message)
    },
    subscriptionFor: (instance) => ({
      openStream(handlers) {
        const { server, client } = openStream(world, instance, handlers, {
          hand: (delivered) => account.given(instance, delivered, handlers),
          receive,
        })
        scheduler.after(chance.integer(1, 300), () => {
          streams.add(server)
          if (faults.outageOf('Pub/Sub', scheduler.now())) end(server, new Error('unavailable'))
          pumpSoon()
        })
        return {
          ...client,
          send(request) {
            account.said(instance, request)
            client.send(request)
          },
        }
      },
      acknowledge(ackIds) {
        account.answered(instance, ackIds, true)
        return call({
          caller: instance,
          service: 'Pub/Sub',
          what: () => `${instance.name} acknowledges ${ackIds.join(' ')}`,
          effect: () => acknowledge(ackIds),
        })
      },
      modifyDeadline(ackIds, seconds) {
        if (seconds === 0) account.answered(instance, ackIds, false)
        return call({
          caller: instance,
          service: 'Pub/Sub',
          what: () => `${instance.name} sets ${seconds} s for ${ackIds.join(' ')}`,
          effect: () => modifyDeadline(ackIds, seconds),
        })
      },
    }),
  }
}
