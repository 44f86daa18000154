import { acknowledge, modifyDeadline } from './leases.ts'
import { messageAt } from './message-log.ts'
import type { SubscriptionMessage } from './messages.ts'
import { decodePublishRequest } from './publish-request.ts'
import { createPubSub, publish, type PubSub } from './pubsub.ts'
import { addReceiver, removeReceiver } from './pump.ts'
import type { Receiver, Subscription } from './subscription.ts'
import { createSubscription, findSubscription } from './subscriptions.ts'
import { createTopic } from './topics.ts'
import { createVirtualClock, type VirtualClock } from './virtual-clock.ts'
import { encodeField, reader, readString, readVarint, skip } from './wire.ts'

const topic = 'projects/shop-events/topics/events'
const subscriptionName = 'projects/shop-events/subscriptions/events-sub'

export type Got = { text: string; ackNumber: number; attempt: number; at: number }

/** One topic with one subscription, without gRPC and in virtual time. */
export type World = {
  clock: VirtualClock
  pubsub: PubSub
  subscription: Subscription
  publish(text: string, orderingKey?: string): void
  /** Opens a stream and returns what comes on it, as it comes. */
  open(limits?: Partial<Receiver>): { got: Got[]; close(): void }
  ack(got: Got): void
  nack(got: Got): void
}

export function createWorld(settings: SubscriptionMessage = {}): World {
  const clock = createVirtualClock()
  const pubsub = createPubSub(clock)
  createTopic(pubsub, { name: topic })
  createSubscription(pubsub, { name: subscriptionName, topic, ...settings })
  const subscription = findSubscription(pubsub, subscriptionName)
  const { context } = pubsub

  return {
    clock,
    pubsub,
    subscription,
    publish(text, orderingKey = '') {
      const message = Buffer.concat([encodeField(1, text), encodeField(5, orderingKey)])
      const request = Buffer.concat([encodeField(1, topic), encodeField(2, message)])
      publish(pubsub, decodePublishRequest(request))
      clock.pass(0)
    },
    open(limits = {}) {
      const got: Got[] = []
      const receiver: Receiver = {
        leaseMs: 10_000,
        maxMessages: Infinity,
        maxBytes: Infinity,
        outstanding: 0,
        outstandingBytes: 0,
        isReady: () => true,
        send: (deliveries) => {
          for (const delivery of deliveries) {
            const { ackNumber, attempt } = delivery
            got.push({ text: textOf(messageAt(delivery)), ackNumber, attempt, at: clock.now() })
          }
        },
        end: () => {},
        ...limits,
      }
      addReceiver(subscription, receiver)
      context.wake(subscription)
      clock.pass(0)
      return { got, close: () => removeReceiver(subscription, receiver) }
    },
    ack({ ackNumber }) {
      acknowledge(subscription, ackNumber, context)
      context.wake(subscription)
      clock.pass(0)
    },
    nack({ ackNumber }) {
      modifyDeadline(subscription, ackNumber, { seconds: 0, context })
      context.wake(subscription)
      clock.pass(0)
    },
  }
}

/** Field 1 of an encoded PubsubMessage. */
function textOf(message: Buffer): string {
  const from = reader(message)
  for (;;) {
    const tag = readVarint(from)
    if (tag === 0x0a) return readString(from)
    skip(from, tag)
  }
}
