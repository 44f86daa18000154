import { applyMask } from './field-mask.ts'
import { createLog, endOf } from './message-log.ts'
import { type FieldMask, type Page, type TopicMessage } from './messages.ts'
import { page } from './page.ts'
import type { PubSub, Topic } from './pubsub.ts'
import { checkName, projectOf } from './resource-names.ts'
import { checkRetention } from './settings.ts'
import { alreadyExists, notFound, notSupported } from './status-error.ts'

/** What would change messages or bring them in: nothing that may be ignored in silence. */
const unsupported = ['schemaSettings', 'ingestionDataSourceSettings', 'messageTransforms'] as const

export function createTopic(pubsub: PubSub, request: TopicMessage): TopicMessage {
  const { name = '' } = request
  checkName('topics', name)
  if (pubsub.topics.has(name)) throw alreadyExists(name)

  checkTopic(request)
  const log = createLog()
  const topic: Topic = {
    resource: active(request),
    log,
    subscriptions: new Set(),
    retained: undefined,
  }
  retain(topic)
  pubsub.topics.set(name, topic)
  return topic.resource
}

export function getTopic(pubsub: PubSub, { topic = '' }: { topic?: string }): TopicMessage {
  return findTopic(pubsub, topic).resource
}

export function updateTopic(
  pubsub: PubSub,
  { topic: change = {}, updateMask }: { topic?: TopicMessage; updateMask?: FieldMask },
): TopicMessage {
  const topic = findTopic(pubsub, change.name ?? '')
  const changed = applyMask({
    kind: 'topic',
    before: topic.resource,
    change,
    mask: updateMask,
    immutable: ['name'],
  })
  checkTopic(changed)
  topic.resource = active(changed)
  retain(topic)
  return topic.resource
}

export function listTopics(pubsub: PubSub, request: { project?: string } & Page): object {
  const prefix = `${projectOf(request.project ?? '')}/topics/`
  const names = [...pubsub.topics.keys()].filter((name) => name.startsWith(prefix))
  const { items, nextPageToken } = page(names, request)
  return { topics: items.map((name) => pubsub.topics.get(name)?.resource), nextPageToken }
}

export function listTopicSubscriptions(pubsub: PubSub, request: { topic?: string } & Page): object {
  const { subscriptions } = findTopic(pubsub, request.topic ?? '')
  const names = [...subscriptions].map(({ resource }) => resource.name ?? '')
  const { items, nextPageToken } = page(names, request)
  return { subscriptions: items, nextPageToken }
}

export function listTopicSnapshots(pubsub: PubSub, request: { topic?: string } & Page): object {
  const { resource } = findTopic(pubsub, request.topic ?? '')
  const snapshots = [...pubsub.snapshots.values()].map((snapshot) => snapshot.resource)
  const own = snapshots.filter(({ topic }) => topic === resource.name)
  const { items, nextPageToken } = page(
    own.map(({ name = '' }) => name),
    request,
  )
  return { snapshots: items, nextPageToken }
}

/** Its subscriptions stay, with what they have not delivered yet. */
export function deleteTopic(pubsub: PubSub, { topic: name = '' }: { topic?: string }): object {
  const topic = findTopic(pubsub, name)
  pubsub.topics.delete(name)
  for (const subscription of topic.subscriptions) subscription.resource.topic = '_deleted-topic_'
  return {}
}

export function findTopic(pubsub: PubSub, name: string): Topic {
  checkName('topics', name)
  const topic = pubsub.topics.get(name)
  if (!topic) throw notFound(name)
  return topic
}

function checkTopic(topic: TopicMessage): void {
  const field = unsupported.find((name) => isSet(topic, name))
  if (field) throw notSupported(`${field} of a topic`)
  if (isSet(topic, 'kmsKeyName')) throw notSupported('kmsKeyName of a topic')
  if (topic.messageRetentionDuration) checkRetention(topic.messageRetentionDuration)
}

function isSet(topic: TopicMessage, field: string): boolean {
  const value: unknown = Reflect.get(topic, field)
  return Array.isArray(value) ? value.length > 0 : Boolean(value)
}

function active(topic: TopicMessage): TopicMessage {
  return { ...topic, state: 'ACTIVE' }
}

function retain(topic: Topic): void {
  const { messageRetentionDuration } = topic.resource
  topic.retained = messageRetentionDuration ? (topic.retained ?? endOf(topic.log)) : undefined
}
