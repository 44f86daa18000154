import { status } from '@grpc/grpc-js'
import { restart, seekToTime } from './backlog.ts'
import { applyMask } from './field-mask.ts'
import { createLog, endOf } from './message-log.ts'
import {
  type FieldMask,
  milliseconds,
  type Page,
  type SubscriptionMessage,
  type Timestamp,
} from './messages.ts'
import { page } from './page.ts'
import type { PubSub, Topic } from './pubsub.ts'
import { checkName, projectOf } from './resource-names.ts'
import { readSettings, withDefaults } from './settings.ts'
import { findSnapshot } from './snapshots.ts'
import {
  alreadyExists,
  invalidArgument,
  notFound,
  notSupported,
  StatusError,
} from './status-error.ts'
import { createSubscription as create, type Subscription } from './subscription.ts'
import { findTopic } from './topics.ts'

const immutable = ['name', 'topic', 'filter', 'enableMessageOrdering', 'detached', 'state', 'tags']

export function createSubscription(
  pubsub: PubSub,
  request: SubscriptionMessage,
): SubscriptionMessage {
  const { name = '' } = request
  checkName('subscriptions', name)
  const topic = findTopic(pubsub, request.topic ?? '')
  if (pubsub.subscriptions.has(name)) throw alreadyExists(name)

  const resource = withDefaults(request)
  const settings = readSettings(resource)
  if (settings.deadLetter) findTopic(pubsub, settings.deadLetter.topic)
  const subscription = create(resource, settings, topic.log)
  pubsub.subscriptions.set(name, subscription)
  topic.subscriptions.add(subscription)
  return describe(pubsub, subscription)
}

export function getSubscription(
  pubsub: PubSub,
  request: { subscription?: string },
): SubscriptionMessage {
  return describe(pubsub, findSubscription(pubsub, request.subscription))
}

export function updateSubscription(
  pubsub: PubSub,
  request: { subscription?: SubscriptionMessage; updateMask?: FieldMask },
): SubscriptionMessage {
  const { subscription: change = {}, updateMask: mask } = request
  const subscription = findSubscription(pubsub, change.name)
  const { resource: before } = subscription
  const resource = withDefaults(
    applyMask({ kind: 'subscription', before, change, mask, immutable }),
  )
  const settings = readSettings(resource)
  if (settings.deadLetter) findTopic(pubsub, settings.deadLetter.topic)

  const { log, retained } = subscription
  Object.assign(subscription, { resource, settings })
  subscription.retained = settings.retainAcked && log ? (retained ?? endOf(log)) : undefined
  return describe(pubsub, subscription)
}

export function listSubscriptions(pubsub: PubSub, request: { project?: string } & Page): object {
  const prefix = `${projectOf(request.project ?? '')}/subscriptions/`
  const names = [...pubsub.subscriptions.keys()].filter((name) => name.startsWith(prefix))
  const { items, nextPageToken } = page(names, request)
  const subscriptions = items.map((name) => getSubscription(pubsub, { subscription: name }))
  return { subscriptions, nextPageToken }
}

export function deleteSubscription(pubsub: PubSub, request: { subscription?: string }): object {
  const { subscription: name = '' } = request
  const subscription = findSubscription(pubsub, name)
  pubsub.subscriptions.delete(name)
  leaveTopic(pubsub, subscription)
  endReceivers(subscription, notFound(name))
  return {}
}

/** Its messages are dropped; it stays, and refuses to deliver. */
export function detachSubscription(pubsub: PubSub, request: { subscription?: string }): object {
  const subscription = findSubscription(pubsub, request.subscription)
  leaveTopic(pubsub, subscription)
  // Away from the topic's log: a position in it would keep all that is published from now on.
  restart(subscription, endOf(createLog()), [])
  Object.assign(subscription, { log: undefined, retained: undefined })
  subscription.resource = { ...subscription.resource, detached: true }
  endReceivers(subscription, detached(subscription))
  return {}
}

export function modifyPushConfig(
  pubsub: PubSub,
  request: { subscription?: string; pushConfig?: { pushEndpoint?: string } },
): object {
  findSubscription(pubsub, request.subscription)
  if (request.pushConfig?.pushEndpoint) throw notSupported('push subscriptions')
  return {}
}

export function seek(
  pubsub: PubSub,
  request: { subscription?: string; time?: Timestamp; snapshot?: string },
): object {
  const subscription = findAttached(pubsub, request.subscription)
  if (request.snapshot) {
    const snapshot = findSnapshot(pubsub, request.snapshot)
    if (snapshot.resource.topic !== subscription.resource.topic) {
      throw invalidArgument('The snapshot and the subscription must be of the same topic.')
    }
    restart(subscription, snapshot.next, snapshot.unsettled)
  } else if (request.time) {
    const retained = subscription.retained ?? topicOf(pubsub, subscription)?.retained
    seekToTime(subscription, milliseconds(request.time), retained)
  } else throw invalidArgument('A seek needs a time or a snapshot.')
  pubsub.context.wake(subscription)
  return {}
}

export function findSubscription(pubsub: PubSub, name = ''): Subscription {
  checkName('subscriptions', name)
  const subscription = pubsub.subscriptions.get(name)
  if (!subscription) throw notFound(name)
  return subscription
}

/** One that delivers. */
export function findAttached(pubsub: PubSub, name: string | undefined): Subscription {
  const subscription = findSubscription(pubsub, name)
  if (!subscription.log) throw detached(subscription)
  return subscription
}

function describe(pubsub: PubSub, subscription: Subscription): SubscriptionMessage {
  const retention = topicOf(pubsub, subscription)?.resource.messageRetentionDuration
  const { resource } = subscription
  return { ...resource, ...(retention && { topicMessageRetentionDuration: retention }) }
}

function topicOf(pubsub: PubSub, { resource }: Subscription): Topic | undefined {
  return pubsub.topics.get(resource.topic ?? '')
}

function leaveTopic(pubsub: PubSub, subscription: Subscription): void {
  topicOf(pubsub, subscription)?.subscriptions.delete(subscription)
}

function endReceivers(subscription: Subscription, error: Error): void {
  for (const receiver of subscription.receivers) receiver.end(error)
  subscription.receivers = []
}

function detached({ resource }: Subscription): StatusError {
  const words = `Subscription is detached (resource=${resource.name}).`
  return new StatusError(status.FAILED_PRECONDITION, words)
}
