import { PubSub } from '@google-cloud/pubsub'
import { createPublisher } from '../../local/generator/publish.ts'
import { orders } from './orders.ts'

// Publishes backlogs in a process of its own.
const distinct = 2_000
const atOnce = 4
const perRequest = 1_000
const projectId = process.env['GOOGLE_CLOUD_PROJECT'] ?? ''
const pubsub = new PubSub({ projectId })

const events = orders(distinct)

async function publish(name: string, count: number): Promise<number> {
  const [topic] = await pubsub.createTopic(name)
  await topic.createSubscription(name, { ackDeadlineSeconds: 60, expirationPolicy: {} })
  const publisher = await createPublisher(projectId, name)
  let next = 0
  async function publishNext(): Promise<void> {
    while (next < count) {
      const from = next
      next += perRequest
      const size = Math.min(perRequest, count - from)
      const batch = Array.from({ length: size }, (_, i) => events[(from + i) % distinct])
      await publisher.publish(batch.filter((event) => event !== undefined))
    }
  }
  await Promise.all(Array.from({ length: atOnce }, publishNext))
  await publisher.close()
  return events.reduce((sum, { length }) => sum + length, 0) / distinct
}

async function remove(name: string): Promise<void> {
  await pubsub.subscription(name).delete()
  await pubsub.topic(name).delete()
}

type Order = { publish?: { name: string; count: number }; remove?: string }

// It lives as long as somebody may ask.
process.channel?.ref()
process.on('message', async (order: Order | string) => {
  if (typeof order === 'string') return
  if (order.publish) {
    const { name, count } = order.publish
    process.send?.({ published: await publish(name, count) })
  }
  if (order.remove !== undefined) {
    await remove(order.remove)
    process.send?.({ removed: true })
  }
})
process.send?.({ ready: true })
