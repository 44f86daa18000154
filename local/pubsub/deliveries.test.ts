import { expect, test } from 'vitest'
import { backlogOf } from './backlog.ts'
import { acknowledge } from './leases.ts'
import { detachSubscription, updateSubscription } from './subscriptions.ts'
import { createWorld, type Got } from './test-world.ts'
import { createTopic, deleteTopic } from './topics.ts'

const seconds = 1_000
const minutes = 60 * seconds

function elapsed(got: Got[]): number[] {
  const first = got[0]?.at ?? 0
  return got.map(({ at }) => at - first)
}

test('a lapsed message comes again exactly when its lease ends', () => {
  const world = createWorld()
  const { got } = world.open()
  world.publish('order')

  world.clock.pass(9_999)
  expect(got).toHaveLength(1)
  world.clock.pass(1)

  expect(elapsed(got)).toEqual([0, 10 * seconds])
})

test('an extended lease is not taken away', () => {
  const world = createWorld()
  const { got } = world.open({ leaseMs: 60 * seconds })
  world.publish('order')

  world.clock.pass(59 * seconds)

  expect(got).toHaveLength(1)
})

test('an acknowledgement after the deadline counts until the message is handed out again', () => {
  const world = createWorld()
  const stream = world.open()
  world.publish('late')
  stream.close()
  world.clock.pass(20 * seconds)
  const [first] = stream.got

  if (first) world.ack(first)

  expect(backlogOf(world.subscription)).toEqual({ unacked: 0, outstanding: 0 })
  expect(world.open().got).toEqual([])
})

test('an outdated ack id does nothing', () => {
  const world = createWorld()
  const { got } = world.open()
  world.publish('order')
  world.clock.pass(10 * seconds)

  const isDone = acknowledge(world.subscription, got[0]?.ackNumber ?? 0, world.pubsub.context)

  expect(isDone).toBe(false)
  expect(backlogOf(world.subscription)).toEqual({ unacked: 1, outstanding: 1 })
})

test('without a retry policy a failed message comes again at once', () => {
  const world = createWorld()
  const { got } = world.open()
  world.publish('order')

  for (let i = 0; i < 3; i++) world.nack(got.at(-1) ?? failure())

  expect(elapsed(got)).toEqual([0, 0, 0, 0])
})

test('a retry policy doubles the pause up to its maximum', () => {
  const retryPolicy = { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 60 } }
  const world = createWorld({ retryPolicy })
  const { got } = world.open({ leaseMs: 10 * minutes })
  world.publish('order')

  const waits = [1, 2, 3, 4, 5].map(() => {
    const givenBack = world.clock.now()
    world.nack(got.at(-1) ?? failure())
    world.clock.pass(2 * minutes)
    return (got.at(-1)?.at ?? 0) - givenBack
  })

  expect(waits).toEqual([10, 20, 40, 60, 60].map((each) => each * seconds))
})

test('a message whose dead-letter topic is gone keeps coming', () => {
  const deadLetterTopic = 'projects/shop-events/topics/dead-letters'
  const world = createWorld()
  createTopic(world.pubsub, { name: deadLetterTopic })
  updateSubscription(world.pubsub, {
    subscription: { ...world.subscription.resource, deadLetterPolicy: { deadLetterTopic } },
    updateMask: { paths: ['dead_letter_policy'] },
  })
  deleteTopic(world.pubsub, { topic: deadLetterTopic })
  const { got } = world.open()
  world.publish('poison')

  for (let i = 0; i < 6; i++) world.nack(got.at(-1) ?? failure())

  expect(got.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 4, 5, 6, 7])
})

test('what is older than the retention is not delivered any more, new or failed', () => {
  const world = createWorld({ messageRetentionDuration: { seconds: 600 } })
  world.publish('handed out')
  const stream = world.open({ maxMessages: 1 })
  world.publish('never handed out')
  stream.close()
  world.clock.pass(10 * minutes + 1)
  world.publish('new')

  const { got } = world.open()

  expect(got.map(({ text }) => text)).toEqual(['new'])
  expect(backlogOf(world.subscription)).toEqual({ unacked: 1, outstanding: 1 })
})

test('new settings hold for a subscription that exists', () => {
  const world = createWorld()
  const { got } = world.open()
  world.publish('order')
  updateSubscription(world.pubsub, {
    subscription: {
      name: world.subscription.resource.name ?? '',
      retryPolicy: { minimumBackoff: { seconds: 5 }, maximumBackoff: { seconds: 5 } },
    },
    updateMask: { paths: ['retry_policy'] },
  })

  world.nack(got[0] ?? failure())
  world.clock.pass(4_999)
  expect(got).toHaveLength(1)
  world.clock.pass(1)

  expect(got).toHaveLength(2)
})

test('a detached subscription has no backlog and keeps nothing of its topic', () => {
  const world = createWorld()
  world.publish('before')
  detachSubscription(world.pubsub, { subscription: world.subscription.resource.name ?? '' })

  world.publish('after')

  expect(backlogOf(world.subscription)).toEqual({ unacked: 0, outstanding: 0 })
  expect(world.subscription.next.segment.ends).toEqual([])
})

test('one key waits for its run, other keys and keyless messages go on', () => {
  const world = createWorld({ enableMessageOrdering: true })
  const { got } = world.open()
  const texts = () => got.map(({ text }) => text)
  world.publish('a1', 'a')
  world.publish('a2', 'a')
  world.publish('b1', 'b')
  world.publish('free')

  expect(texts()).toEqual(['a1', 'b1', 'free'])
  world.ack(got[0] ?? failure())

  expect(texts()).toEqual(['a1', 'b1', 'free', 'a2'])
})

test('a failed key comes again in order, after its pause', () => {
  const retryPolicy = { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 10 } }
  const world = createWorld({ enableMessageOrdering: true, retryPolicy })
  for (const text of ['1', '2', '3']) world.publish(text, 'key')
  const { got } = world.open()
  world.publish('4', 'key')

  world.nack(got[1] ?? failure())
  world.ack(got[0] ?? failure())
  expect(got).toHaveLength(3)
  world.clock.pass(10 * seconds)

  expect(got.map(({ text }) => text)).toEqual(['1', '2', '3', '2', '3', '4'])
})

function failure(): never {
  throw new Error('no message has come')
}
