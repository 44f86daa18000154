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
export const leases: Suite = (server) => {
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
}
