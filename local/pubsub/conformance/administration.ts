import { status } from '@grpc/grpc-js'
import { expect, test } from 'vitest'
import {
  createPair,
  publishTexts,
  pullTexts,
  project,
  subscriptionName,
  type Suite,
  textsOf,
  topicName,
} from './server.ts'

/** Topics, subscriptions and snapshots as resources. */
export const administration: Suite = (server, isGoogleEmulator) => {
  test('a topic exists once', async () => {
    const name = topicName()
    const { publisher } = server()

    await expect(publisher.getTopic({ topic: name })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    })
    const [created] = await publisher.createTopic({ name, labels: { team: 'data' } })
    expect(created).toMatchObject({ name, labels: { team: 'data' } })
    await expect(publisher.createTopic({ name })).rejects.toMatchObject({
      code: status.ALREADY_EXISTS,
    })
    await publisher.deleteTopic({ topic: name })
    await expect(publisher.deleteTopic({ topic: name })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    })
  })

  test('a subscription exists once, of a topic that exists', async () => {
    const { topic, subscription: name } = await createPair(server())
    const { subscriber } = server()

    await expect(subscriber.createSubscription({ name, topic })).rejects.toMatchObject({
      code: status.ALREADY_EXISTS,
    })
    const orphan = { name: subscriptionName(), topic: topicName() }
    await expect(subscriber.createSubscription(orphan)).rejects.toMatchObject({
      code: status.NOT_FOUND,
    })
    await subscriber.deleteSubscription({ subscription: name })
    await expect(subscriber.getSubscription({ subscription: name })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    })
    await expect(subscriber.pull({ subscription: name, maxMessages: 1 })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    })
  })

  test('a subscription has the defaults of Google', async () => {
    const { topic, subscription } = await createPair(server())

    const [resource] = await server().subscriber.getSubscription({ subscription })

    expect(resource).toMatchObject({
      name: subscription,
      topic,
      ackDeadlineSeconds: 10,
      retainAckedMessages: false,
      messageRetentionDuration: { seconds: '604800' },
      enableMessageOrdering: false,
      filter: '',
      deadLetterPolicy: null,
      detached: false,
    })
  })

  test.each(['ab', 'goog-topic', '1-digit-first', 'with space', `long-${'x'.repeat(251)}`])(
    'the id %j is refused',
    async (id) => {
      const refused = { code: status.INVALID_ARGUMENT }

      await expect(server().publisher.createTopic({ name: topicName(id) })).rejects.toMatchObject(
        refused,
      )
    },
  )

  test('settings out of their bounds are refused', async () => {
    const { topic } = await createPair(server())
    const deadLetterPolicy = { deadLetterTopic: topic, maxDeliveryAttempts: 4 }
    const settings = [
      { ackDeadlineSeconds: 601 },
      { messageRetentionDuration: { seconds: 599 } },
      // Google's emulator accepts deadlines of less than 10 seconds, and has another code for few attempts.
      ...(isGoogleEmulator ? [] : [{ ackDeadlineSeconds: 9 }, { deadLetterPolicy }]),
    ]

    for (const each of settings) {
      const request = { name: subscriptionName(), topic, ...each }
      await expect(server().subscriber.createSubscription(request)).rejects.toMatchObject({
        code: status.INVALID_ARGUMENT,
      })
    }
  })

  test('an update changes the fields of its mask and no others', async () => {
    const { subscription: name } = await createPair(server(), { labels: { team: 'data' } })
    const change = { name, ackDeadlineSeconds: 60, labels: { team: 'shop' } }

    const [updated] = await server().subscriber.updateSubscription({
      subscription: change,
      updateMask: { paths: ['ack_deadline_seconds'] },
    })

    expect(updated).toMatchObject({ ackDeadlineSeconds: 60, labels: { team: 'data' } })
    const [resource] = await server().subscriber.getSubscription({ subscription: name })
    expect(resource).toMatchObject({ ackDeadlineSeconds: 60, labels: { team: 'data' } })
    const frozen = server().subscriber.updateSubscription({
      subscription: { name, filter: 'attributes:x' },
      updateMask: { paths: ['filter'] },
    })
    await expect(frozen).rejects.toMatchObject({ code: status.INVALID_ARGUMENT })
  })

  test('lists come in pages', async () => {
    const { topic, subscription } = await createPair(server())
    const more = [subscriptionName(), subscriptionName()]
    for (const name of more) await server().subscriber.createSubscription({ name, topic })
    const settings = { autoPaginate: false }

    const [first, next] = await server().publisher.listTopicSubscriptions(
      { topic, pageSize: 2 },
      settings,
    )
    const [second, end] = await server().publisher.listTopicSubscriptions(next ?? {}, settings)

    expect([first.length, second.length, end?.pageToken ?? '']).toEqual([2, 1, ''])
    expect([...first, ...second].toSorted()).toEqual([subscription, ...more].toSorted())
    const [topics] = await server().publisher.listTopics({ project: `projects/${project}` })
    expect(topics.map(({ name }) => name)).toContain(topic)
    const [subscriptions] = await server().subscriber.listSubscriptions({
      project: `projects/${project}`,
    })
    expect(subscriptions.map(({ name }) => name)).toEqual(expect.arrayContaining(more))
  })

  test('a subscription outlives its topic, with what it has not delivered', async () => {
    const { topic, subscription } = await createPair(server())
    await publishTexts(server(), topic, ['still there'])

    await server().publisher.deleteTopic({ topic })

    const [resource] = await server().subscriber.getSubscription({ subscription })
    expect(resource.topic).toBe('_deleted-topic_')
    expect(textsOf(await pullTexts(server(), subscription, 1))).toEqual(['still there'])
    await expect(publishTexts(server(), topic, ['lost'])).rejects.toMatchObject({
      code: status.NOT_FOUND,
    })
  })

  // DetachSubscription is UNIMPLEMENTED in Google's emulator.
  test.skipIf(isGoogleEmulator)('a detached subscription stays and delivers nothing', async () => {
    const { topic, subscription } = await createPair(server())
    await publishTexts(server(), topic, ['dropped'])

    await server().publisher.detachSubscription({ subscription })

    const [resource] = await server().subscriber.getSubscription({ subscription })
    expect(resource).toMatchObject({ topic, detached: true })
    const pull = server().subscriber.pull({ subscription, maxMessages: 1 })
    await expect(pull).rejects.toMatchObject({ code: status.FAILED_PRECONDITION })
  })

  test('snapshots are kept, listed and deleted', async () => {
    const { topic, subscription } = await createPair(server())
    const snapshot = subscription.replace('/subscriptions/', '/snapshots/')
    const { subscriber } = server()

    const [created] = await subscriber.createSnapshot({ name: snapshot, subscription })

    expect(created).toMatchObject({ name: snapshot, topic })
    const [all] = await subscriber.listSnapshots({ project: `projects/${project}` })
    expect(all.map(({ name }) => name)).toContain(snapshot)
    await subscriber.deleteSnapshot({ snapshot })
    await expect(subscriber.deleteSnapshot({ snapshot })).rejects.toMatchObject({
      code: status.NOT_FOUND,
    })
  })
}
