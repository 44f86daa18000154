import { PubSub } from '@google-cloud/pubsub'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Endpoint } from '../endpoint.ts'
import { startPubSub } from '../pubsub/start-pubsub.ts'
import { withFaults, type Publication } from './faults.ts'
import { spreadOver } from './pace.ts'
import { createPublisher, publishAll } from './publish.ts'
import { openShop } from './shop.ts'
import { takeEvents } from './take-events.ts'

let endpoint: Endpoint

beforeAll(async () => {
  endpoint = await startPubSub({ port: 0 })
  vi.stubEnv('PUBSUB_EMULATOR_HOST', endpoint.address)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await endpoint.stop()
})

test('every message arrives under the id that was told for it, byte for byte', async () => {
  const pubsub = new PubSub({ projectId: 'shop-events' })
  const [topic] = await pubsub.createTopic('backend-events-topic')
  const [subscription] = await topic.createSubscription('backend-events-topic-sub')
  const arrived = new Map<string, Buffer>()
  subscription.on('message', (message) => {
    arrived.set(message.id, message.data)
    message.ack()
  })
  const published = new Map<string, Publication>()
  const faults = { malformed: 0.1, duplicates: 0.1, late: 0.1, outOfOrder: 0.1 }
  const shop = openShop({ seed: 1, start: 0, pace: spreadOver(0, 1e8, 3000) })
  const publisher = await createPublisher('shop-events', 'backend-events-topic')

  await publishAll(takeEvents(withFaults(shop, faults, 1), 3000), {
    publisher,
    onPublished: (batch, ids) => batch.forEach((item, i) => published.set(ids[i] ?? '', item)),
  })
  await vi.waitFor(() => expect(arrived.size).toBe(published.size), 10_000)

  expect(published.size).toBeGreaterThan(3000)
  for (const [id, { data }] of published) expect(arrived.get(id)).toEqual(data)
  await publisher.close()
  await subscription.close()
  await pubsub.close()
})
