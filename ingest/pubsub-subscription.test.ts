import { EventEmitter } from 'node:events'
import type { v1 } from '@google-cloud/pubsub'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { createSubscription, limitsOf } from './pubsub-subscription.ts'

/** As much of Google's client as a stream needs: it remembers what is written. */
function fakeClient() {
  const written: unknown[] = []
  const stream = Object.assign(new EventEmitter(), {
    write: (request: object) => written.push(request),
  })
  const client = { streamingPull: () => stream } as unknown as v1.SubscriberClient
  return { client, stream, written }
}

const limits = {
  ackDeadlineSeconds: 60,
  maxOutstandingMessages: 2_500,
  maxOutstandingBytes: 2 ** 24,
}

const env = {
  GOOGLE_CLOUD_PROJECT: 'shop-events',
  SUBSCRIPTION: 'backend-events-topic-sub',
  BUCKET: 'shop-events-landing',
  RAW_TABLE: 'raw.raw_events',
}

test('the streams share what may be outstanding, and each may have the largest message', () => {
  const ofMany = readConfig({ ...env, FLOW_MAX_MESSAGES: '10', STREAMS: '20' })

  expect(limitsOf(readConfig(env))).toEqual({
    ackDeadlineSeconds: 60,
    maxOutstandingMessages: 2_500,
    maxOutstandingBytes: 16 * 2 ** 20,
  })
  expect(limitsOf(ofMany)).toEqual({
    ackDeadlineSeconds: 60,
    maxOutstandingMessages: 1,
    maxOutstandingBytes: 10 * 2 ** 20,
  })
})

test('a stream begins with the deadline and with what may be outstanding', () => {
  const { client, written } = fakeClient()

  createSubscription(client, 'projects/p/subscriptions/s', limits).openStream({
    onMessages() {},
    onClose() {},
  })

  expect(written).toEqual([
    {
      subscription: 'projects/p/subscriptions/s',
      streamAckDeadlineSeconds: 60,
      maxOutstandingMessages: 2_500,
      maxOutstandingBytes: 2 ** 24,
    },
  ])
})

test.each([
  ['error', new Error('away')],
  ['end', undefined],
  ['close', undefined],
])('a stream that ends by %s is closed once', (event, reason) => {
  const { client, stream } = fakeClient()
  const closings: unknown[] = []
  createSubscription(client, 's', limits).openStream({
    onMessages() {},
    onClose: (error) => closings.push(error),
  })

  stream.emit(event, reason)
  stream.emit('close')

  expect(closings).toEqual([reason])
})
