import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import {
  createPair,
  isEmpty,
  publishTexts,
  pullTexts,
  subscriptionName,
  type Suite,
  textsOf,
  topicName,
} from './server.ts'

/** What becomes of a message that was delivered. */
export const leases: Suite = (server, isGoogleEmulator) => {
  test('an acknowledged message does not come again, the others do', async () => {
    const { topic, subscription } = await createPair(server())
    await publishTexts(server(), topic, ['one', 'two', 'three'])
    const received = await pullTexts(server(), subscription, 3)
    const ackIds = received.map(({ ackId }) => ackId)
    const acked = received.find(({ text }) => text === 'two')

    await server().subscriber.acknowledge({ subscription, ackIds: [acked?.ackId ?? ''] })
    await server().subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 0 })

    const again = await pullTexts(server(), subscription, 2)
    expect(textsOf(again).toSorted()).toEqual(['one', 'three'])
    expect(await isEmpty(server(), subscription)).toBe(true)
  })

  test('a message whose lease lapses comes again with the same id and another ack id', async () => {
    const { topic, subscription } = await createPair(server())
    const [id] = await publishTexts(server(), topic, ['late'])
    const [first] = await pullTexts(server(), subscription, 1)
    const ackIds = [first?.ackId ?? '']

    await server().subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 1 })

    const [again] = await pullTexts(server(), subscription, 1)
    expect(again).toMatchObject({ text: 'late', id })
    expect(again?.ackId).not.toBe(first?.ackId)
  })

  test('to acknowledge twice is no error, an ack id of another make is one', async () => {
    const { topic, subscription } = await createPair(server())
    await publishTexts(server(), topic, ['once'])
    const [{ ackId } = { ackId: '' }] = await pullTexts(server(), subscription, 1)
    const acknowledge = (ackIds: string[]) =>
      server().subscriber.acknowledge({ subscription, ackIds })

    await acknowledge([ackId])
    await acknowledge([ackId])

    await expect(acknowledge(['no ack id'])).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
    })
  })

  test('after its attempts a message goes to the dead-letter topic, with an account of it', async () => {
    const deadLetterTopic = topicName()
    const deadLetters = subscriptionName()
    await server().publisher.createTopic({ name: deadLetterTopic })
    await server().subscriber.createSubscription({ name: deadLetters, topic: deadLetterTopic })
    const { topic, subscription } = await createPair(server(), {
      deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: 5 },
    })
    await publishTexts(server(), topic, ['poison'], { attributes: { kind: 'bad' } })

    const attempts: number[] = []
    for (let i = 0; i < 5; i++) {
      const [received] = await pullTexts(server(), subscription, 1)
      attempts.push(received?.attempt ?? 0)
      const ackIds = [received?.ackId ?? '']
      await server().subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: 0 })
    }

    // Google's emulator forwards it only when somebody asks the subscription for more.
    expect(await isEmpty(server(), subscription)).toBe(true)
    const [dead] = await pullTexts(server(), deadLetters, 1)
    expect(attempts).toEqual([1, 2, 3, 4, 5])
    expect(dead).toMatchObject({
      text: 'poison',
      attributes: {
        kind: 'bad',
        CloudPubSubDeadLetterSourceDeliveryCount: '5',
        CloudPubSubDeadLetterSourceSubscription: subscription.split('/')[3],
        CloudPubSubDeadLetterSourceSubscriptionProject: 'shop-events',
        CloudPubSubDeadLetterSourceTopicPublishTime: expect.stringMatching(/^20\d\d-.*T.*:/),
      },
    })
  })

  test('without a dead-letter policy no attempt is told', async () => {
    const { topic, subscription } = await createPair(server())
    await publishTexts(server(), topic, ['x'])

    const [received] = await pullTexts(server(), subscription, 1)

    expect(received?.attempt).toBe(0)
  })

  test('messages of an ordering key come in their order', async () => {
    const { topic, subscription } = await createPair(server(), { enableMessageOrdering: true })
    for (const text of ['1', '2', '3']) {
      await publishTexts(server(), topic, [text], { orderingKey: 'order-7' })
    }

    const received = await pullTexts(server(), subscription, 3)

    expect(textsOf(received)).toEqual(['1', '2', '3'])
  })

  // In Google's emulator only the message itself comes again.
  test.skipIf(isGoogleEmulator)(
    'after a failure all later ones of its key come again',
    async () => {
      const { topic, subscription } = await createPair(server(), { enableMessageOrdering: true })
      await publishTexts(server(), topic, ['1', '2', '3', '4'], { orderingKey: 'order-7' })
      const received = await pullTexts(server(), subscription, 4)
      const ackIds = received.map(({ ackId }) => ackId)

      await server().subscriber.acknowledge({
        subscription,
        ackIds: [0, 2].map((i) => ackIds[i] ?? ''),
      })
      await server().subscriber.modifyAckDeadline({
        subscription,
        ackIds: [ackIds[1] ?? ''],
        ackDeadlineSeconds: 0,
      })

      expect(textsOf(await pullTexts(server(), subscription, 3))).toEqual(['2', '3', '4'])
    },
  )

  // Google's emulator stores filters and delivers everything.
  test.skipIf(isGoogleEmulator)('a filter decides by attributes what is delivered', async () => {
    const { topic, subscription } = await createPair(server(), {
      filter: 'attributes.event_type = "order" AND NOT attributes:test',
    })
    await publishTexts(server(), topic, ['no attributes'])
    await publishTexts(server(), topic, ['wanted'], { attributes: { event_type: 'order' } })
    await publishTexts(server(), topic, ['a test'], {
      attributes: { event_type: 'order', test: '' },
    })

    expect(textsOf(await pullTexts(server(), subscription, 1))).toEqual(['wanted'])
    expect(await isEmpty(server(), subscription)).toBe(true)
  })

  test('exactly-once delivery refuses an outdated ack id', async () => {
    const { topic, subscription } = await createPair(server(), { enableExactlyOnceDelivery: true })
    await publishTexts(server(), topic, ['x'])
    const [first] = await pullTexts(server(), subscription, 1)
    const old = [first?.ackId ?? '']
    await server().subscriber.modifyAckDeadline({
      subscription,
      ackIds: old,
      ackDeadlineSeconds: 0,
    })
    const [second] = await pullTexts(server(), subscription, 1)

    const late = server().subscriber.acknowledge({ subscription, ackIds: old })

    await expect(late).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      errorInfoMetadata: { [first?.ackId ?? '']: 'PERMANENT_FAILURE_INVALID_ACK_ID' },
    })
    await server().subscriber.acknowledge({ subscription, ackIds: [second?.ackId ?? ''] })
  })

  test('a seek to a time brings back what is retained, and passes over what is older', async () => {
    const { topic, subscription } = await createPair(server(), { retainAckedMessages: true })
    await publishTexts(server(), topic, ['old'])
    const [old] = await pullTexts(server(), subscription, 1)
    await server().subscriber.acknowledge({ subscription, ackIds: [old?.ackId ?? ''] })
    const ahead = { seconds: Math.floor(Date.now() / 1_000) + 3_600 }

    await server().subscriber.seek({
      subscription,
      time: { seconds: Number(ahead.seconds) - 7_200 },
    })
    expect(textsOf(await pullTexts(server(), subscription, 1))).toEqual(['old'])
    await server().subscriber.seek({ subscription, time: ahead })

    expect(await isEmpty(server(), subscription)).toBe(true)
  })

  test('a seek to a snapshot brings back what was not acknowledged then', async () => {
    const { topic, subscription } = await createPair(server())
    await publishTexts(server(), topic, ['acked before', 'kept', 'later acked'])
    const received = await pullTexts(server(), subscription, 3)
    const ackIdOf = (wanted: string) => received.find(({ text }) => text === wanted)?.ackId ?? ''
    const acknowledge = (ackId: string) =>
      server().subscriber.acknowledge({ subscription, ackIds: [ackId] })
    await acknowledge(ackIdOf('acked before'))
    const snapshot = subscription.replace('/subscriptions/', '/snapshots/')
    await server().subscriber.createSnapshot({ name: snapshot, subscription })
    await acknowledge(ackIdOf('later acked'))
    await publishTexts(server(), topic, ['published after'])

    await server().subscriber.seek({ subscription, snapshot })

    const again = await pullTexts(server(), subscription, 3)
    expect(textsOf(again).toSorted()).toEqual(['kept', 'later acked', 'published after'])
  })
}
