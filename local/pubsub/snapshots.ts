import { status } from '@grpc/grpc-js'
import { unsettledPositions } from './backlog.ts'
import { applyMask } from './field-mask.ts'
import { type FieldMask, duration, type Page, type SnapshotMessage } from './messages.ts'
import { page } from './page.ts'
import type { PubSub, Snapshot } from './pubsub.ts'
import { checkName, projectOf } from './resource-names.ts'
import { alreadyExists, notFound, notSupported, StatusError } from './status-error.ts'

const lifetimeMs = 7 * 24 * 3_600_000

/** Keeps what the subscription has not acknowledged, and all that its topic gets from now on. */
export function createSnapshot(
  pubsub: PubSub,
  request: { name?: string; subscription?: string; labels?: Record<string, string> },
): SnapshotMessage {
  const { name = '', labels } = request
  if (name === '') throw notSupported('snapshots without a name')
  checkName('snapshots', name)
  const subscription = pubsub.subscriptions.get(request.subscription ?? '')
  if (!subscription) throw notFound(request.subscription ?? '')
  if (pubsub.snapshots.has(name)) throw alreadyExists(name)
  if (!subscription.log) {
    throw new StatusError(status.FAILED_PRECONDITION, 'The subscription is detached.')
  }

  const expireTime = duration(pubsub.alarms.clock.now() + lifetimeMs)
  const { topic = '' } = subscription.resource
  const resource = { name, topic, expireTime, ...(labels && { labels }) }
  const next = { ...subscription.next }
  pubsub.snapshots.set(name, { resource, next, unsettled: unsettledPositions(subscription) })
  return resource
}

export function getSnapshot(pubsub: PubSub, request: { snapshot?: string }): SnapshotMessage {
  return findSnapshot(pubsub, request.snapshot ?? '').resource
}

export function updateSnapshot(
  pubsub: PubSub,
  request: { snapshot?: SnapshotMessage; updateMask?: FieldMask },
): SnapshotMessage {
  const { snapshot: change = {}, updateMask: mask } = request
  const snapshot = findSnapshot(pubsub, change.name ?? '')
  const { resource: before } = snapshot
  const immutable = ['name', 'topic']
  snapshot.resource = applyMask({ kind: 'snapshot', before, change, mask, immutable })
  return snapshot.resource
}

export function listSnapshots(pubsub: PubSub, request: { project?: string } & Page): object {
  const prefix = `${projectOf(request.project ?? '')}/snapshots/`
  const names = [...pubsub.snapshots.keys()].filter((name) => name.startsWith(prefix))
  const { items, nextPageToken } = page(names, request)
  return { snapshots: items.map((name) => pubsub.snapshots.get(name)?.resource), nextPageToken }
}

export function deleteSnapshot(pubsub: PubSub, request: { snapshot?: string }): object {
  findSnapshot(pubsub, request.snapshot ?? '')
  pubsub.snapshots.delete(request.snapshot ?? '')
  return {}
}

export function findSnapshot(pubsub: PubSub, name: string): Snapshot {
  checkName('snapshots', name)
  const snapshot = pubsub.snapshots.get(name)
  if (!snapshot) throw notFound(name)
  return snapshot
}
