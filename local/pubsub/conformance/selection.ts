import { expect, test } from 'vitest'
import { createPair, isEmpty, publishTexts, pullTexts, type Suite, textsOf } from './server.ts'

/** Which messages are delivered, in which order, and again. */
export const selection: Suite = (server, isGoogleEmulator) => {
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
