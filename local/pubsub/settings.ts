import { parseFilter } from './filter.ts'
import { type Duration, duration, milliseconds, type SubscriptionMessage } from './messages.ts'
import { checkName } from './resource-names.ts'
import { invalidArgument, notSupported } from './status-error.ts'
import type { Settings } from './subscription.ts'

const minutes = 60_000
const days = 24 * 60 * minutes

/** Deliveries of another kind than pull: stored and never made they would be lost in silence. */
const unsupported = [
  'bigqueryConfig',
  'cloudStorageConfig',
  'bigtableConfig',
  'messageTransforms',
] as const

/** The resource with Google's defaults, as its service returns it. */
export function withDefaults(subscription: SubscriptionMessage): SubscriptionMessage {
  const { ackDeadlineSeconds, expirationPolicy, retryPolicy, deadLetterPolicy } = subscription
  return {
    ...subscription,
    pushConfig: subscription.pushConfig ?? {},
    ackDeadlineSeconds: ackDeadlineSeconds || 10,
    messageRetentionDuration: subscription.messageRetentionDuration ?? duration(7 * days),
    expirationPolicy: expirationPolicy ?? { ttl: duration(31 * days) },
    ...(retryPolicy && {
      retryPolicy: {
        minimumBackoff: retryPolicy.minimumBackoff ?? duration(10_000),
        maximumBackoff: retryPolicy.maximumBackoff ?? duration(600_000),
      },
    }),
    ...(deadLetterPolicy && {
      deadLetterPolicy: {
        ...deadLetterPolicy,
        maxDeliveryAttempts: deadLetterPolicy.maxDeliveryAttempts || 5,
      },
    }),
    state: 'ACTIVE',
  }
}

/** Refuses what Google refuses, and what this server would not do. */
export function readSettings(subscription: SubscriptionMessage): Settings {
  checkKind(subscription)
  const { retryPolicy, deadLetterPolicy, filter } = subscription
  const { ackDeadlineSeconds = 0, messageRetentionDuration = {} } = subscription
  checkLease(ackDeadlineSeconds)
  checkRetention(messageRetentionDuration)
  const ttl = subscription.expirationPolicy?.ttl
  if (ttl && milliseconds(ttl) < days) {
    throw invalidArgument('Invalid expiration policy given: ttl must be at least 1 day.')
  }
  return {
    leaseMs: ackDeadlineSeconds * 1_000,
    retentionMs: milliseconds(messageRetentionDuration),
    retainAcked: subscription.retainAckedMessages ?? false,
    ordered: subscription.enableMessageOrdering ?? false,
    exactlyOnce: subscription.enableExactlyOnceDelivery ?? false,
    filter: filter ? parseFilter(filter) : undefined,
    retry: retryPolicy && readRetry(retryPolicy),
    deadLetter: deadLetterPolicy && readDeadLetter(deadLetterPolicy),
  }
}

export function checkLease(seconds: number): void {
  if (seconds >= 10 && seconds <= 600) return
  throw invalidArgument(`Invalid ack deadline given: ${seconds}s. It must be from 10s to 600s.`)
}

export function checkRetention(retention: Duration): void {
  const ms = milliseconds(retention)
  if (ms >= 10 * minutes && ms <= 31 * days) return
  throw invalidArgument(
    `Invalid message retention duration given: ${ms / 1_000}s. It must be from 10 minutes to 31 days.`,
  )
}

function checkKind(subscription: SubscriptionMessage): void {
  if (subscription.pushConfig?.pushEndpoint) throw notSupported('push subscriptions')
  for (const field of unsupported) {
    const value: unknown = Reflect.get(subscription, field)
    const isSet = Array.isArray(value) ? value.length > 0 : Boolean(value)
    if (isSet) throw notSupported(`${field} of a subscription`)
  }
}

function readRetry(policy: NonNullable<SubscriptionMessage['retryPolicy']>): Settings['retry'] {
  const minimumMs = milliseconds(policy.minimumBackoff ?? {})
  const maximumMs = milliseconds(policy.maximumBackoff ?? {})
  if (minimumMs >= 0 && minimumMs <= maximumMs && maximumMs <= 600_000) {
    return { minimumMs, maximumMs }
  }
  throw invalidArgument(
    `Invalid retry policy given: minimum backoff ${minimumMs / 1_000}s, maximum backoff ` +
      `${maximumMs / 1_000}s. Both must be from 0s to 600s, the minimum not above the maximum.`,
  )
}

function readDeadLetter(
  policy: NonNullable<SubscriptionMessage['deadLetterPolicy']>,
): Settings['deadLetter'] {
  const { deadLetterTopic: topic = '', maxDeliveryAttempts: maxAttempts = 0 } = policy
  checkName('topics', topic)
  if (maxAttempts >= 5 && maxAttempts <= 100) return { topic, maxAttempts }
  throw invalidArgument(
    `Invalid dead letter policy given: max delivery attempts ${maxAttempts}. It must be from 5 to 100.`,
  )
}
