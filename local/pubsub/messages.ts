/** The protobuf messages that Google's API and this server speak, as far as the server reads them. */

export type Duration = { seconds?: number; nanos?: number }
export type Timestamp = Duration
export type FieldMask = { paths?: string[] }

export type TopicMessage = {
  name?: string
  labels?: Record<string, string>
  messageRetentionDuration?: Duration
  state?: string
}

export type SubscriptionMessage = {
  name?: string
  topic?: string
  pushConfig?: { pushEndpoint?: string }
  ackDeadlineSeconds?: number
  retainAckedMessages?: boolean
  messageRetentionDuration?: Duration
  labels?: Record<string, string>
  enableMessageOrdering?: boolean
  expirationPolicy?: { ttl?: Duration }
  filter?: string
  deadLetterPolicy?: { deadLetterTopic?: string; maxDeliveryAttempts?: number }
  retryPolicy?: { minimumBackoff?: Duration; maximumBackoff?: Duration }
  detached?: boolean
  enableExactlyOnceDelivery?: boolean
  topicMessageRetentionDuration?: Duration
  state?: string
}

export type SnapshotMessage = {
  name?: string
  topic?: string
  expireTime?: Timestamp
  labels?: Record<string, string>
}

export type Page = { pageSize?: number; pageToken?: string }

export function milliseconds({ seconds = 0, nanos = 0 }: Duration): number {
  return seconds * 1_000 + nanos / 1_000_000
}

export function duration(ms: number): Duration {
  return { seconds: Math.floor(ms / 1_000), nanos: (ms % 1_000) * 1_000_000 }
}
