import { status } from '@grpc/grpc-js'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  connect,
  createPair,
  disconnect,
  publishTexts,
  pullTexts,
  type ServerUnderTest,
  subscriptionName,
} from './conformance/server.ts'
import { type BacklogReader, openBacklogReader } from './read-backlog.ts'
import { startPubSub } from './start-pubsub.ts'

let server: ServerUnderTest
let backlog: BacklogReader

beforeEach(async () => {
  server = connect(await startPubSub({ port: 0 }))
  backlog = openBacklogReader(server.endpoint.address)
})

afterEach(async () => {
  backlog.close()
  await disconnect(server)
})

test('the backlog of a subscription can be asked for over the same port', async () => {
  const { topic, subscription } = await createPair(server)
  const filtered = subscriptionName()
  await server.subscriber.createSubscription({ name: filtered, topic, filter: 'attributes:a' })
  await publishTexts(server, topic, ['1', '2', '3'])
  await publishTexts(server, topic, ['4'], { attributes: { a: '' } })
  const [received] = await pullTexts(server, subscription, 2)

  expect(await backlog.read(subscription)).toEqual({ unacked: 4, outstanding: 2 })
  expect(await backlog.read(filtered)).toEqual({ unacked: 1, outstanding: 0 })
  const ackIds = [received?.ackId ?? '']
  await server.subscriber.acknowledge({ subscription, ackIds })

  expect(await backlog.read(subscription)).toEqual({ unacked: 3, outstanding: 1 })
})

test('the backlog of a subscription that does not exist is NOT_FOUND, in Google’s words', async () => {
  await expect(backlog.read(subscriptionName('missing'))).rejects.toMatchObject({
    code: status.NOT_FOUND,
    details: 'Resource not found (resource=missing).',
  })
})

test('acknowledgements that would be too large for Google are refused here too', async () => {
  const { subscription } = await createPair(server)
  const ackIds = Array.from({ length: 2_850 }, (_, i) => i.toString(16).padStart(16, '0'))

  await expect(server.subscriber.acknowledge({ subscription, ackIds })).rejects.toMatchObject({
    code: status.INVALID_ARGUMENT,
    details: expect.stringContaining('Request payload size exceeds the limit: 524288 bytes'),
  })
  await server.subscriber.acknowledge({ subscription, ackIds: ackIds.slice(0, 2_500) })
})

test.each([
  ['push subscriptions', { pushConfig: { pushEndpoint: 'https://example.com' } }],
  ['bigqueryConfig of a subscription', { bigqueryConfig: { table: 'p.d.t' } }],
  ['cloudStorageConfig of a subscription', { cloudStorageConfig: { bucket: 'b' } }],
])('what it does not do is refused in words: %s', async (feature, settings) => {
  await expect(createPair(server, settings)).rejects.toMatchObject({
    code: status.UNIMPLEMENTED,
    details: `not supported by the local Pub/Sub: ${feature}`,
  })
})

test('a port in use is said in words', async () => {
  const { port } = server.endpoint

  await expect(startPubSub({ port })).rejects.toThrow(
    `EADDRINUSE: address already in use 127.0.0.1:${port}`,
  )
})

test('it may be stopped twice', async () => {
  await server.endpoint.stop()

  await expect(server.endpoint.stop()).resolves.toBeUndefined()
})
