import type { protos, v1 } from '@google-cloud/pubsub'
import type { Message } from './event.ts'
import type { Subscription } from './streaming-pull.ts'

export type PullLimits = {
  ackDeadlineSeconds: number
  /** For one stream: Pub/Sub holds back what would exceed it. */
  maxOutstandingMessages: number
  maxOutstandingBytes: number
}

/** The subscription of that full name, through Google's low-level client. */
export function createSubscription(
  client: v1.SubscriberClient,
  subscription: string,
  limits: PullLimits,
): Subscription {
  return {
    openStream({ onMessages, onClose }) {
      const headers = { 'x-goog-request-params': `subscription=${subscription}` }
      const stream = client.streamingPull({ otherArgs: { headers }, maxRetries: 0 })
      let isClosed = false
      function close(error: unknown) {
        if (isClosed) return
        isClosed = true
        onClose(error)
      }
      stream.on('data', (response: protos.google.pubsub.v1.IStreamingPullResponse) =>
        onMessages((response.receivedMessages ?? []).map(toMessage)),
      )
      stream.on('error', close)
      stream.on('end', () => close(undefined))
      stream.on('close', () => close(undefined))
      stream.write({
        subscription,
        streamAckDeadlineSeconds: limits.ackDeadlineSeconds,
        maxOutstandingMessages: limits.maxOutstandingMessages,
        maxOutstandingBytes: limits.maxOutstandingBytes,
      })
      return {
        send: (request) => void stream.write(request),
        pause: () => void stream.pause(),
        resume: () => void stream.resume(),
        end: () => void stream.end(),
        cancel: () => void stream.cancel(),
      }
    },
    async acknowledge(ackIds) {
      await client.acknowledge({ subscription, ackIds })
    },
    async modifyDeadline(ackIds, ackDeadlineSeconds) {
      await client.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds })
    },
  }
}

/** A delivery in the ingester's own terms. */
export function toMessage(received: protos.google.pubsub.v1.IReceivedMessage): Message {
  const { ackId, message } = received
  const { messageId, publishTime, attributes, data } = message ?? {}
  if (!ackId || !messageId || !publishTime) {
    throw new Error('Pub/Sub delivered a message without an ack id, a message id or a publish time')
  }
  return {
    ackId,
    messageId,
    publishTime: toRfc3339(Number(publishTime.seconds ?? 0), publishTime.nanos ?? 0),
    attributes: attributes ?? {},
    data: ownBytes(data),
  }
}

/**
 * The client hands out a view of the whole response. A message that waits for its batch must not keep
 * all of that in memory, so it gets bytes of its own.
 */
function ownBytes(data: Uint8Array | string | null | undefined): Buffer {
  if (typeof data === 'string') return Buffer.from(data, 'base64')
  if (!data) return Buffer.alloc(0)
  const isMostOfIt = data.byteLength * 2 > data.buffer.byteLength
  return isMostOfIt ? Buffer.from(data.buffer, data.byteOffset, data.byteLength) : Buffer.from(data)
}

/** With milliseconds, as Pub/Sub has them, or with as many digits as BigQuery keeps. */
export function toRfc3339(seconds: number, nanos: number): string {
  const millis = Math.floor(nanos / 1_000_000)
  const text = new Date(seconds * 1_000 + millis).toISOString()
  const micros = Math.floor(nanos / 1_000) % 1_000
  return micros === 0 ? text : `${text.slice(0, -1)}${String(micros).padStart(3, '0')}Z`
}
