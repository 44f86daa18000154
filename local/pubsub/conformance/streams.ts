import { status } from '@grpc/grpc-js'
import { expect, test, vi } from 'vitest'
import { createPair, isEmpty, publishTexts, type ServerUnderTest, type Suite } from './server.ts'

type StreamingPull = ReturnType<typeof openStream>

/** A streaming pull that remembers what it got. */
function openStream({ subscriber }: ServerUnderTest, request: object) {
  const stream = subscriber.streamingPull()
  const received: { text: string; ackId: string }[] = []
  const errors: { code?: number; message: string }[] = []
  stream.on('data', ({ receivedMessages = [] }) => {
    for (const { ackId, message } of receivedMessages) {
      received.push({ text: String(message.data), ackId })
    }
  })
  stream.on('error', (error: Error) => errors.push(error))
  stream.write({ streamAckDeadlineSeconds: 10, ...request })
  return { stream, received, errors }
}

async function close({ stream }: StreamingPull): Promise<void> {
  const closed = new Promise((resolve) => stream.once('close', resolve).once('end', resolve))
  stream.end()
  await closed
}

/** Streaming pull, as the ingester uses it. */
export const streams: Suite = (server, isGoogleEmulator) => {
  test('messages come on the stream and are acknowledged on it', async () => {
    const { topic, subscription } = await createPair(server())
    const texts = Array.from({ length: 300 }, (_, i) => `message ${i}`)
    await publishTexts(server(), topic, texts)
    const pull = openStream(server(), { subscription })

    await vi.waitUntil(() => pull.received.length === 300, { timeout: 10_000 })
    const ackIds = pull.received.map(({ ackId }) => ackId)
    pull.stream.write({ ackIds: ackIds.slice(0, 299) })
    pull.stream.write({ modifyDeadlineAckIds: ackIds.slice(299), modifyDeadlineSeconds: [0] })
    await vi.waitUntil(() => pull.received.length === 301, { timeout: 10_000 })

    expect(pull.received[300]?.text).toBe(pull.received[299]?.text)
    pull.stream.write({ ackIds: [pull.received[300]?.ackId ?? ''] })
    await close(pull)
    expect(
      pull.received
        .slice(0, 300)
        .map(({ text }) => text)
        .toSorted(),
    ).toEqual(texts.toSorted())
    expect(await isEmpty(server(), subscription)).toBe(true)
    expect(pull.errors).toEqual([])
  })

  test('messages published later come too', async () => {
    const { topic, subscription } = await createPair(server())
    const pull = openStream(server(), { subscription })

    for (const text of ['one', 'two', 'three']) {
      await publishTexts(server(), topic, [text])
      await vi.waitUntil(() => pull.received.at(-1)?.text === text, { timeout: 10_000 })
    }

    await close(pull)
    expect(pull.received).toHaveLength(3)
  })

  // Google's emulator ignores both limits.
  test.skipIf(isGoogleEmulator)(
    'no more messages or bytes are out than the client allows',
    async () => {
      const { topic, subscription } = await createPair(server())
      await publishTexts(
        server(),
        topic,
        Array.from({ length: 20 }, (_, i) => `${i}`.padEnd(1_000)),
      )
      const limits = [{ maxOutstandingMessages: 5 }, { maxOutstandingBytes: 4_900 }]

      for (const [i, limit] of limits.entries()) {
        const pull = openStream(server(), { subscription, ...limit })
        await vi.waitUntil(() => pull.received.length === 5, { timeout: 10_000 })
        expect(await isEmpty(server(), subscription), `limit ${i}: there is more`).toBe(false)
        expect(pull.received).toHaveLength(5)
        pull.stream.write({ ackIds: pull.received.slice(0, 2).map(({ ackId }) => ackId) })
        await vi.waitUntil(() => pull.received.length === 7, { timeout: 10_000 })
        await close(pull)
      }
    },
  )

  test('two streams share the messages', async () => {
    const { topic, subscription } = await createPair(server())
    const pulls = [1, 2].map(() => openStream(server(), { subscription }))
    for (let i = 0; i < 20; i++) await publishTexts(server(), topic, [`message ${i}`])

    const count = () => pulls.reduce((sum, { received }) => sum + received.length, 0)
    await vi.waitUntil(() => count() >= 20, { timeout: 10_000 })

    const texts = pulls.flatMap(({ received }) => received.map(({ text }) => text))
    expect(new Set(texts).size).toBe(20)
    expect(texts).toHaveLength(20)
    await Promise.all(pulls.map(close))
  })

  test('a stream for a subscription that does not exist ends with NOT_FOUND', async () => {
    const missing = 'projects/shop-events/subscriptions/missing'

    const pull = openStream(server(), { subscription: missing })

    await vi.waitUntil(() => pull.errors.length > 0, { timeout: 10_000 })
    expect(pull.errors[0]).toMatchObject({ code: status.NOT_FOUND })
  })

  test('a lease of less than 10 seconds is refused', async () => {
    const { subscription } = await createPair(server())

    const pull = openStream(server(), { subscription, streamAckDeadlineSeconds: 9 })

    await vi.waitUntil(() => pull.errors.length > 0, { timeout: 10_000 })
    expect(pull.errors[0]).toMatchObject({ code: status.INVALID_ARGUMENT })
  })

  test('deadline changes that make no sense end the stream', async () => {
    const { topic, subscription } = await createPair(server())
    await publishTexts(server(), topic, ['x'])

    for (const modifyDeadlineSeconds of [[-1], [10, 10]]) {
      const pull = openStream(server(), { subscription })
      await vi.waitUntil(() => pull.received.length > 0, { timeout: 10_000 })
      const modifyDeadlineAckIds = pull.received.map(({ ackId }) => ackId)
      pull.stream.write({ modifyDeadlineAckIds, modifyDeadlineSeconds })
      await vi.waitUntil(() => pull.errors.length > 0, { timeout: 10_000 })
      expect(pull.errors[0]).toMatchObject({ code: status.INVALID_ARGUMENT })
      const ackIds = modifyDeadlineAckIds
      await server().subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 0 })
    }
  })

  test('a stream ends when its subscription is deleted', async () => {
    const { subscription } = await createPair(server())
    const pull = openStream(server(), { subscription })
    await vi.waitUntil(async () => isEmpty(server(), subscription))

    await server().subscriber.deleteSubscription({ subscription })

    await vi.waitUntil(() => pull.errors.length > 0, { timeout: 10_000 })
    expect(pull.errors[0]).toMatchObject({ code: status.NOT_FOUND })
  })

  test("Google's high-level client receives and acknowledges", async () => {
    const { topic, subscription } = await createPair(server())
    const texts = Array.from({ length: 200 }, (_, i) => `message ${i}`)
    await publishTexts(server(), topic, texts)
    const received: string[] = []
    const client = server().pubsub.subscription(subscription)

    client.on('message', (message) => {
      received.push(String(message.data))
      message.ack()
    })
    await vi.waitUntil(() => received.length >= 200, { timeout: 10_000 })
    await client.close()

    expect(received.toSorted()).toEqual(texts.toSorted())
    expect(await isEmpty(server(), subscription)).toBe(true)
  })

  test('with exactly-once delivery the high-level client learns that an acknowledgement counts', async () => {
    const { topic, subscription } = await createPair(server(), { enableExactlyOnceDelivery: true })
    await publishTexts(server(), topic, ['x'])
    const client = server().pubsub.subscription(subscription)

    const response = await new Promise((resolve, reject) => {
      client.on('error', reject)
      client.on('message', (message) => void message.ackWithResponse().then(resolve, reject))
    })

    expect(response).toBe('SUCCESS')
    await client.close()
    expect(await isEmpty(server(), subscription)).toBe(true)
  })
}
