import { protos } from '@google-cloud/pubsub'
import { expect, test } from 'vitest'
import { createRandom } from '../local/generator/random.ts'
import { decodePullResponse } from './pull-response.ts'
import { toRfc3339 } from './timestamp.ts'

const { StreamingPullResponse } = protos.google.pubsub.v1

type Response = protos.google.pubsub.v1.IStreamingPullResponse

function encode(response: Response): Buffer {
  return Buffer.from(StreamingPullResponse.encode(StreamingPullResponse.create(response)).finish())
}

function received(data: Buffer) {
  const publishTime = { seconds: 1_739_020_199, nanos: 123_000_000 }
  return { ackId: 'a', message: { messageId: '7', publishTime, data } }
}

test('a delivery keeps its ids, its time, its attributes and its bytes', () => {
  const { ackId, message } = received(Buffer.from('{}'))
  const attributes = { k: 'v', ä: '', constructor: '"' }
  const receivedMessages = [{ ackId, message: { ...message, attributes, orderingKey: 'o' } }]

  expect(decodePullResponse(encode({ receivedMessages }))).toEqual([
    {
      ackId: 'a',
      messageId: '7',
      publishTime: '2025-02-08T13:09:59.123Z',
      attributes,
      data: Buffer.from('{}'),
    },
  ])
})

test('whatever else a response holds is passed over', () => {
  const response = encode({
    subscriptionProperties: { exactlyOnceDeliveryEnabled: true, messageOrderingEnabled: true },
    acknowledgeConfirmation: { ackIds: ['x'] },
    receivedMessages: [{ ...received(Buffer.from('{}')), deliveryAttempt: 300 }],
  })
  const unknownFields = Buffer.from([(9 << 3) | 1, ...Array(8).fill(1), (10 << 3) | 5, 1, 1, 1, 1])

  expect(decodePullResponse(Buffer.concat([unknownFields, response]))).toHaveLength(1)
  expect(decodePullResponse(encode({ subscriptionProperties: {} }))).toEqual([])
})

test("any response gives what Google's own decoder reads", () => {
  const seed = Math.floor(Math.random() * 1e9)
  const random = createRandom(seed)
  const text = (most: number) => String.fromCodePoint(...codePoints(random.integer(1, most)))
  const codePoints = (count: number) =>
    Array.from({ length: count }, () => random.pick([0x00, 0x22, 0x61, 0xe4, 0x20ac, 0x1f600]))

  for (let round = 0; round < 100; round++) {
    const receivedMessages = Array.from({ length: random.integer(0, 5) }, () => ({
      ackId: text(300),
      deliveryAttempt: random.integer(0, 1_000),
      message: {
        messageId: text(30),
        publishTime: {
          seconds: random.integer(0, 253_402_300_799),
          nanos: random.integer(0, 999_999_999),
        },
        attributes: Object.fromEntries(
          Array.from({ length: random.integer(0, 3) }, () => [text(20), text(200)]),
        ),
        data: Buffer.from(text(random.pick([1, 100, 20_000]))),
        orderingKey: text(10),
      },
    }))
    const response = encode({ receivedMessages })

    const messages = decodePullResponse(response)

    const decoded = StreamingPullResponse.decode(response).receivedMessages
    expect(messages, `seed ${seed}`).toEqual(
      decoded.map(({ ackId, message }) => ({
        ackId,
        messageId: message?.messageId,
        publishTime: toRfc3339(
          Number(message?.publishTime?.seconds),
          Number(message?.publishTime?.nanos),
        ),
        attributes: message?.attributes,
        data: Buffer.from(message?.data ?? ''),
      })),
    )
  }
})

test('a response that is cut short is an error, wherever it is cut', () => {
  const response = encode({ receivedMessages: [received(Buffer.from('{"a":1}'))] })

  for (let length = 1; length < response.length; length++) {
    expect(() => decodePullResponse(response.subarray(0, length)), `${length} bytes`).toThrow(
      /no protocol buffer message|without an ack id/,
    )
  }
})

test('a message does not keep the response in memory that it came in', () => {
  const [small] = decodePullResponse(
    encode({ receivedMessages: [received(Buffer.from('x')), received(Buffer.alloc(1_000_000))] }),
  )

  expect(small?.data.toString()).toBe('x')
  expect(small?.data.buffer.byteLength).toBeLessThan(100_000)
})

test('a message that is most of its response is not copied', () => {
  const response = encode({ receivedMessages: [received(Buffer.alloc(1_000_000, 'x'))] })

  const [large] = decodePullResponse(response)

  expect(large?.data.buffer).toBe(response.buffer)
  expect(large?.data).toHaveLength(1_000_000)
})

test('a delivery without an id is no message', () => {
  const response = encode({
    receivedMessages: [{ ackId: 'a', message: { data: Buffer.from('{}') } }],
  })

  expect(() => decodePullResponse(response)).toThrow(
    'without an ack id, a message id or a publish time',
  )
})
