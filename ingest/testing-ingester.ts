import type { Message } from './event.ts'
import { startIngester, type IngesterOptions, type Surroundings } from './ingester.ts'
import type { StreamHandlers } from './streaming-pull.ts'
import { createVirtualClock } from './testing-clock.ts'
import { message, sampleEvents } from './testing-events.ts'

export const options: IngesterOptions = {
  batch: { maxMessages: 2, maxBytes: 1e6, maxAgeMs: 1_000 },
  flow: { maxMessages: 10, maxBytes: 1e6 },
  streams: 1,
  concurrentLandings: 2,
  ackDeadlineSeconds: 60,
  drainMs: 7_000,
  unhealthyAfterSeconds: 300,
}

/**
 * An ingester in memory that remembers, in order, every effect that it had. What is delivered are
 * ack ids: `a` is a message of its own, `a/1` and `a/2` are deliveries of one message.
 */
export function runInMemory(
  changes: Partial<Surroundings> = {},
  limits: Partial<IngesterOptions> = {},
) {
  const effects: string[] = []
  const clock = createVirtualClock()
  let handlers: StreamHandlers | undefined
  const tell = (effect: string) => void effects.push(effect)
  const surroundings: Surroundings = {
    subscription: {
      openStream(opened) {
        handlers = opened
        return {
          send({ ackIds, modifyDeadlineAckIds, modifyDeadlineSeconds }) {
            if (ackIds) tell(`ack ${ackIds.join(' ')}`)
            if (modifyDeadlineAckIds) tell(`extend ${modifyDeadlineAckIds.length}`)
            if (modifyDeadlineSeconds?.includes(0)) tell('given back on a stream')
          },
          pause: () => tell('pause'),
          resume: () => tell('resume'),
          end: () => tell('end'),
          cancel: () => tell('cancel'),
        }
      },
      acknowledge: async (ackIds) => tell(`call ack ${ackIds.join(' ')}`),
      modifyDeadline: async (ackIds, seconds) => tell(`call ${seconds} ${ackIds.join(' ')}`),
    },
    store: {
      create: async (name) => (tell(`file ${name.slice(-8)}`), true),
      batchIdOf: async () => undefined,
      list: async () => [],
    },
    table: {
      insert: async (body) => {
        tell(`rows ${JSON.parse(body.toString()).rows.length}`)
        return []
      },
    },
    clock,
    random: () => 0,
    log: () => {},
    ...changes,
  }
  const ingester = startIngester(surroundings, { ...options, ...limits })
  return {
    ingester,
    clock,
    effects,
    deliver: (ids: string) => handlers?.onMessages(messages(ids)),
    breakStream: (error: Error) => handlers?.onClose(error),
  }
}

function messages(ids: string): Message[] {
  const data = Buffer.from(JSON.stringify(sampleEvents.inventory))
  return ids
    .split(' ')
    .map((ackId) => message({ ackId, messageId: ackId.replace(/\/.*/, ''), data }))
}
