import { type Alarms, createAlarms, type Clock } from './alarms.ts'
import {
  append,
  encodePublishTime,
  findTime,
  messageAt,
  type MessageLog,
  type Position,
} from './message-log.ts'
import { withAttributes } from './message-fields.ts'
import { milliseconds, type SnapshotMessage, type TopicMessage } from './messages.ts'
import { checkPublishRequest, type PublishRequest } from './publish-request.ts'
import { pumpSoon } from './pump.ts'
import { notFound } from './status-error.ts'
import {
  type Delivery,
  type DeliveryContext,
  publishedAt,
  type Subscription,
} from './subscription.ts'

export type Topic = {
  resource: TopicMessage
  log: MessageLog
  subscriptions: Set<Subscription>
  /** The oldest message that the topic's own retention keeps; undefined without one. */
  retained: Position | undefined
}

export type Snapshot = { resource: SnapshotMessage; next: Position; unsettled: Position[] }

/** Everything that one server holds, by full resource name. */
export type PubSub = {
  topics: Map<string, Topic>
  subscriptions: Map<string, Subscription>
  snapshots: Map<string, Snapshot>
  alarms: Alarms
  context: DeliveryContext
  /** A number that was never given before, not even by a server that ran here earlier. */
  nextMessageNumber(): number
}

export function createPubSub(clock: Clock): PubSub {
  const alarms = createAlarms(clock)
  // Raw events outlive a server that lives in memory, so ids start where the clock is: 16 digits, as Google's.
  let messageNumber = clock.now() * 1_000
  let ackNumber = clock.now() * 1_000

  const pubsub: PubSub = {
    topics: new Map(),
    subscriptions: new Map(),
    snapshots: new Map(),
    alarms,
    context: {
      alarms,
      nextAckNumber: () => ackNumber++,
      wake: (subscription) => pumpSoon(subscription, pubsub.context),
      deadLetter: (subscription, delivery) => forward(pubsub, subscription, delivery),
    },
    nextMessageNumber: () => messageNumber++,
  }
  return pubsub
}

/** Returns the message ids, in the order of the messages. */
export function publish(pubsub: PubSub, request: PublishRequest): string[] {
  const topic = pubsub.topics.get(request.topic)
  if (!topic) throw notFound(request.topic)
  checkPublishRequest(request)
  return publishTo(pubsub, topic, request)
}

function publishTo(
  { alarms, context, nextMessageNumber }: PubSub,
  topic: Topic,
  { bytes, starts, ends }: Pick<PublishRequest, 'bytes' | 'starts' | 'ends'>,
): string[] {
  const now = alarms.clock.now()
  const time = encodePublishTime(now)
  const isKept = topic.subscriptions.size > 0 || topic.retained !== undefined
  const ids: string[] = []
  for (let i = 0; i < starts.length; i++) {
    const id = String(nextMessageNumber())
    ids.push(id)
    const message = { bytes, start: starts[i] ?? 0, end: ends[i] ?? 0 }
    if (isKept) append(topic.log, message, { id, time, now })
  }
  trimRetained(topic, now)
  for (const subscription of topic.subscriptions) context.wake(subscription)
  return ids
}

/** Lets go of what no seek can bring back any more. */
function trimRetained(topic: Topic, now: number): void {
  const { messageRetentionDuration } = topic.resource
  if (topic.retained && messageRetentionDuration) {
    topic.retained = findTime(topic.retained, now - milliseconds(messageRetentionDuration))
  }
  for (const subscription of topic.subscriptions) {
    const { retained, settings } = subscription
    if (retained) subscription.retained = findTime(retained, now - settings.retentionMs)
  }
}

/** Publishes a message that failed too often to the dead-letter topic, with Google's account of it. */
function forward(pubsub: PubSub, subscription: Subscription, delivery: Delivery): boolean {
  const { resource, settings } = subscription
  const topic = pubsub.topics.get(settings.deadLetter?.topic ?? '')
  if (!topic) return false

  const [, project = '', , id = ''] = (resource.name ?? '').split('/')
  const bytes = withAttributes(messageAt(delivery), {
    CloudPubSubDeadLetterSourceDeliveryCount: String(delivery.attempt),
    CloudPubSubDeadLetterSourceSubscription: id,
    CloudPubSubDeadLetterSourceSubscriptionProject: project,
    CloudPubSubDeadLetterSourceTopicPublishTime: publishTimeText(delivery),
  })
  publishTo(pubsub, topic, { bytes, starts: [0], ends: [bytes.length] })
  return true
}

/** As Google writes it: 2025-02-08T13:09:00.123+00:00. */
function publishTimeText(delivery: Delivery): string {
  return new Date(publishedAt(delivery)).toISOString().replace('Z', '+00:00')
}
