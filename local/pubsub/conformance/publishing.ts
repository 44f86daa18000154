import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import {
  createPair,
  publishTexts,
  pullTexts,
  subscriptionName,
  type Suite,
  textsOf,
  topicName,
} from './server.ts'

/** What happens to a message between its producer and the first delivery. */
export const publishing: Suite = (server, isGoogleEmulator) => {
  test('a message arrives as it was published, with an id and a publish time', async () => {
    const { topic, subscription } = await createPair(server())
    const data = Buffer.from([0, 1, 2, 0xff, 0xfe, 0x0a])
    const attributes = { event_type: 'order', 'iana.org/language_tag': 'de', empty: '' }
    const before = Date.now()

    const [{ messageIds }] = await server().publisher.publish({
      topic,
      messages: [{ data, attributes }],
    })

    const [{ receivedMessages }] = await server().subscriber.pull({ subscription, maxMessages: 10 })
    const [received] = receivedMessages ?? []
    expect(receivedMessages).toHaveLength(1)
    expect(Buffer.from(received?.message?.data ?? '').equals(data)).toBe(true)
    expect(received?.message).toMatchObject({ attributes, messageId: messageIds?.[0] })
    const seconds = Number(received?.message?.publishTime?.seconds)
    expect(seconds).toBeGreaterThanOrEqual(Math.floor(before / 1_000))
    expect(seconds).toBeLessThanOrEqual(Math.ceil(Date.now() / 1_000))
  })

  test('the server decides on id and publish time, whatever the publisher says', async () => {
    const { topic, subscription } = await createPair(server())
    const forged = { messageId: 'mine', publishTime: { seconds: 1, nanos: 7 } }

    const [{ messageIds }] = await server().publisher.publish({
      topic,
      messages: [{ data: Buffer.from('x'), ...forged }],
    })

    const [{ receivedMessages }] = await server().subscriber.pull({ subscription, maxMessages: 1 })
    const message = receivedMessages?.[0]?.message
    expect(message?.messageId).toBe(messageIds?.[0])
    expect(message?.messageId).not.toBe('mine')
    expect(Number(message?.publishTime?.seconds)).toBeGreaterThan(1_000_000)
  })

  test('each message of a request gets an id of its own, and each subscription every message', async () => {
    const { topic, subscription } = await createPair(server())
    const second = subscriptionName()
    await server().subscriber.createSubscription({ name: second, topic })
    const texts = Array.from({ length: 100 }, (_, i) => `message ${i}`)

    const ids = await publishTexts(server(), topic, texts)

    expect(new Set(ids).size).toBe(100)
    for (const name of [subscription, second]) {
      const received = await pullTexts(server(), name, 100)
      expect(textsOf(received).toSorted()).toEqual(texts.toSorted())
      expect(received.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    }
  })

  test('a subscription does not get what was published before it', async () => {
    const topic = topicName()
    const subscription = subscriptionName()
    await server().publisher.createTopic({ name: topic })
    await publishTexts(server(), topic, ['before'])
    await server().subscriber.createSubscription({ name: subscription, topic })

    await publishTexts(server(), topic, ['after'])

    expect(textsOf(await pullTexts(server(), subscription, 1))).toEqual(['after'])
  })

  test('a message of 9.9 MB arrives whole', async () => {
    const { topic, subscription } = await createPair(server())
    const data = Buffer.alloc(9_900_000, 'event ')

    await server().publisher.publish({ topic, messages: [{ data }] })

    const [{ receivedMessages }] = await server().subscriber.pull({ subscription, maxMessages: 1 })
    expect(Buffer.from(receivedMessages?.[0]?.message?.data ?? '').equals(data)).toBe(true)
  })

  test('more than 1,000 messages, no message and empty messages are refused', async () => {
    const { topic } = await createPair(server())
    const refused = { code: status.INVALID_ARGUMENT }
    const message = { data: Buffer.from('x') }
    const publish = (messages: object[]) => server().publisher.publish({ topic, messages })

    await expect(publish(Array.from({ length: 1_001 }, () => message))).rejects.toMatchObject(
      refused,
    )
    await expect(publish([])).rejects.toMatchObject(refused)
    await expect(publish([message, {}])).rejects.toMatchObject(refused)
  })

  // Google's emulator accepts it.
  test.skipIf(isGoogleEmulator)('more than 10 MB in a request are refused in words', async () => {
    const { topic } = await createPair(server())

    const publish = server().publisher.publish({
      topic,
      messages: [{ data: Buffer.alloc(10_000_001) }],
    })

    await expect(publish).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      message: expect.stringMatching(/request_size is too large.*maximum value is 10000000/),
    })
  })

  test("the high-level client's batches arrive", async () => {
    const { topic, subscription } = await createPair(server())
    const publisher = server().pubsub.topic(topic, { batching: { maxMessages: 10 } })

    const ids = await Promise.all(
      Array.from({ length: 25 }, (_, i) => publisher.publishMessage({ json: { order_id: i } })),
    )

    const received = await pullTexts(server(), subscription, 25)
    expect(received.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
    expect(textsOf(received)).toContain('{"order_id":24}')
  })
}
