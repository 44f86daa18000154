import { expect, test } from 'vitest'
import {
  startPulling,
  type StreamHandlers,
  type StreamRequest,
  type Subscription,
} from './streaming-pull.ts'
import { createVirtualClock } from './testing-clock.ts'
import { message } from './testing-events.ts'

/** A subscription that records, in order, what is asked of it. */
function recordedSubscription() {
  const streams: StreamHandlers[] = []
  const said: unknown[] = []
  const subscription: Subscription = {
    openStream(handlers) {
      const number = streams.push(handlers)
      said.push(`open ${number}`)
      const tell = (what: string) => () => void said.push(`${what} ${number}`)
      return {
        send: (request: StreamRequest) => void said.push([number, request]),
        pause: tell('pause'),
        resume: tell('resume'),
        end: tell('end'),
        cancel: tell('cancel'),
      }
    },
    acknowledge: async (ackIds) => void said.push(['acknowledge', ackIds]),
    modifyDeadline: async (ackIds, seconds) => void said.push(['modify', ackIds, seconds]),
  }
  return { subscription, streams, said }
}

function pull({
  streams: count = 1,
  ...changes
}: { streams?: number } & Partial<Subscription> = {}) {
  const { subscription, streams, said } = recordedSubscription()
  const clock = createVirtualClock()
  const received: string[] = []
  const outcomes: string[] = []
  const puller = startPulling(
    { ...subscription, ...changes },
    {
      streams: count,
      ackDeadlineSeconds: 60,
      clock,
      random: () => 1,
      onMessages: (messages) => received.push(...messages.map(({ ackId }) => ackId)),
      onFailure: (error) => outcomes.push(String(error)),
      onSuccess: () => outcomes.push('success'),
    },
  )
  return { puller, streams, said, clock, received, outcomes }
}

const delivery = (ackId: string) => message({ ackId, data: Buffer.from('{}') })

test('acknowledges and extends on the open streams in turn', () => {
  const { puller, said } = pull({ streams: 2 })

  puller.acknowledge(['a', 'b'])
  puller.extend(['c', 'd'])

  expect(said).toEqual([
    'open 1',
    'open 2',
    [1, { ackIds: ['a', 'b'] }],
    [2, { modifyDeadlineAckIds: ['c', 'd'], modifyDeadlineSeconds: [60, 60] }],
  ])
})

test('a request carries no more ack ids than Pub/Sub takes', () => {
  const { puller, said } = pull()

  puller.acknowledge(Array.from({ length: 2_500 }, (_, index) => `${index}`))

  const sizes = said.slice(1).map((request) => JSON.stringify(request).match(/"\d+"/g)?.length)
  expect(sizes).toEqual([1_000, 1_000, 500])
})

test('a stream that ends is opened again, later each time that it fails to open', async () => {
  const { streams, said, clock, outcomes } = pull()
  const broken = new Error('no such subscription')

  streams[0]?.onClose(broken)
  await clock.advance(99)
  expect(said).toEqual(['open 1'])
  await clock.advance(1)
  streams[1]?.onClose(broken)
  await clock.advance(199)
  expect(said).toEqual(['open 1', 'open 2'])
  await clock.advance(1)

  expect(said).toEqual(['open 1', 'open 2', 'open 3'])
  expect(outcomes).toEqual(['Error: no such subscription', 'Error: no such subscription'])
})

test('a stream that had delivered is opened again at once, and that is no failure', async () => {
  const { streams, said, clock, outcomes } = pull()

  streams[0]?.onMessages([delivery('a')])
  streams[0]?.onClose(new Error('UNAVAILABLE'))
  await clock.advance(100)

  expect(said).toEqual(['open 1', 'open 2'])
  expect(outcomes).toEqual(['success'])
})

test('a stream that stays open without messages is a success too', async () => {
  const { clock, outcomes } = pull()

  await clock.advance(10_000)

  expect(outcomes).toEqual(['success'])
})

test('a stream says so again and again: a call that failed late is not the last word', async () => {
  const { clock, outcomes } = pull()

  await clock.advance(30_000)

  expect(outcomes).toEqual(['success', 'success', 'success'])
})

test('a stream that is over no longer says that Pub/Sub is well', async () => {
  const { streams, clock, outcomes } = pull()

  for (let failures = 0; failures < 12; failures++) {
    streams.at(-1)?.onClose(new Error('away'))
    await clock.advance(Math.min(30_000, 100 * 2 ** failures))
  }

  expect(outcomes).toEqual(Array.from({ length: 12 }, () => 'Error: away'))
})

test('a call that fails is told, and closing waits for those under way', async () => {
  const { promise, reject } = Promise.withResolvers<void>()
  const { puller, said, clock, outcomes } = pull({ acknowledge: () => promise })
  puller.stop()
  puller.acknowledge(['a'])
  const closing = puller.close()
  await clock.advance(1_000)
  expect(said).not.toContain('cancel 1')

  reject(new Error('away'))
  await closing

  expect(said).toContain('cancel 1')
  expect(outcomes.at(-1)).toBe('Error: away')
})

test('without an open stream an acknowledgement goes by a call of its own', () => {
  const { puller, streams, said } = pull()
  streams[0]?.onClose(new Error('UNAVAILABLE'))

  puller.acknowledge(['a'])
  puller.giveBack(['b'])

  expect(said.slice(1)).toEqual([
    ['acknowledge', ['a']],
    ['modify', ['b'], 0],
  ])
})

test('a stream that is opened again while pulling is paused is paused too', async () => {
  const { puller, streams, said, clock } = pull()
  puller.pause()
  streams[0]?.onClose(undefined)

  await clock.advance(100)

  expect(said).toEqual(['open 1', 'pause 1', 'open 2', 'pause 2'])
})

test('after it is stopped it gives back what still arrives and opens nothing', async () => {
  const { puller, streams, said, clock, received } = pull({ streams: 2 })
  streams[1]?.onClose(new Error('UNAVAILABLE'))
  puller.stop()
  streams[0]?.onMessages([delivery('late')])
  puller.acknowledge(['landed'])
  await clock.advance(60_000)
  await puller.close()

  expect(received).toEqual([])
  expect(said).toEqual([
    'open 1',
    'open 2',
    'resume 1',
    'end 1',
    ['modify', ['late'], 0],
    ['acknowledge', ['landed']],
    'cancel 1',
  ])
})
