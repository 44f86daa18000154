import type { v1 } from '@google-cloud/pubsub'
import type { Config } from './config.ts'
import { decodePullResponse } from './pull-response.ts'
import type { Subscription } from './streaming-pull.ts'

export type PullLimits = {
  ackDeadlineSeconds: number
  /** For one stream: Pub/Sub holds back what would exceed it. */
  maxOutstandingMessages: number
  maxOutstandingBytes: number
}

const largestMessage = 10 * 2 ** 20

/** Its share for each stream: more would wait, unseen, in one that is paused, and be delivered again. */
export function limitsOf({ flow, streams, ackDeadlineSeconds }: Config): PullLimits {
  const shareOf = (limit: number) => Math.max(1, Math.floor(limit / streams))
  return {
    ackDeadlineSeconds,
    maxOutstandingMessages: shareOf(flow.maxMessages),
    maxOutstandingBytes: Math.max(largestMessage, shareOf(flow.maxBytes)),
  }
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
      stream.on('data', onMessages)
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

type StreamingPull = ((...metadataAndOptions: unknown[]) => unknown) & {
  path: string
  requestSerialize: (request: object) => Buffer
}

/**
 * Lets the streams of a client answer with messages that were decoded by the ingester itself. All else,
 * credentials, headers and connections, stays as Google's client does it.
 */
export async function decodeMessagesItself(client: v1.SubscriberClient): Promise<void> {
  const stub = await client.initialize()
  const open = stub['makeBidiStreamRequest']
  const generated = stub['streamingPull'] as StreamingPull | undefined
  if (!open || !generated) throw new Error('the Pub/Sub client has no stub for streamingPull')
  const { path, requestSerialize } = generated
  stub['streamingPull'] = (...metadataAndOptions: unknown[]) =>
    open.call(stub, path, requestSerialize, decodePullResponse, ...metadataAndOptions)
}
