import { PubSub } from '@google-cloud/pubsub'
import { openShop } from '../../local/generator/shop.ts'
import { createPublisher } from '../../local/generator/publish.ts'
import { spreadOver } from '../../local/generator/pace.ts'
import { day } from '../../local/generator/event.ts'

// Publishes backlogs in a process of its own: orders of the generator that have two items or more, which are
// 600 bytes on average.
const distinct = 2_000
const leastBytes = 450
const atOnce = 4
const perRequest = 1_000
const projectId = process.env['GOOGLE_CLOUD_PROJECT'] ?? ''
const pubsub = new PubSub({ projectId })

function* orders(): Generator<Buffer> {
  const start = Date.now() - 2 * day
  const pace = spreadOver(start, start + 2 * day, distinct * 20)
  for (const { event } of openShop({ seed: 1, start, pace })) {
    if (event.event_type !== 'order') continue
    const data = Buffer.from(JSON.stringify(event))
    if (data.length >= leastBytes) yield data
  }
}

const events = orders().take(distinct).toArray()

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
