import { EventEmitter } from 'node:events'
import type { v1 } from '@google-cloud/pubsub'
import { expect, test } from 'vitest'
import { createSubscription } from './pubsub-subscription.ts'

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
