import { expect, test } from 'vitest'
import { toMessage, toRfc3339 } from './pubsub-subscription.ts'

function received(data: Uint8Array | string) {
  const publishTime = { seconds: 1_739_020_199, nanos: 123_000_000 }
  return { ackId: 'a', message: { messageId: '7', publishTime, attributes: { k: 'v' }, data } }
}

test('a delivery keeps its ids, its time, its attributes and its bytes', () => {
  expect(toMessage(received(Buffer.from('{}')))).toEqual({
    ackId: 'a',
    messageId: '7',
    publishTime: '2025-02-08T13:09:59.123Z',
    attributes: { k: 'v' },
    data: Buffer.from('{}'),
  })
})

test('a message does not keep the response in memory that it came in', () => {
  const response = Buffer.alloc(1_000_000, 'x')

  const { data } = toMessage(received(response.subarray(5, 15)))

  expect(data.toString()).toBe('xxxxxxxxxx')
  expect(data.buffer.byteLength).toBeLessThan(100_000)
})

test('a message that is most of its response is not copied', () => {
  const response = new Uint8Array(1_000_000)

  const { data } = toMessage(received(response.subarray(10)))

  expect(data.buffer).toBe(response.buffer)
  expect(data.length).toBe(999_990)
})

test('a delivery without an id is no message', () => {
  expect(() => toMessage({ ackId: 'a', message: { data: Buffer.from('{}') } })).toThrow(
    'without an ack id, a message id or a publish time',
  )
})

test('a time has the digits that BigQuery keeps', () => {
  expect(toRfc3339(0, 0)).toBe('1970-01-01T00:00:00.000Z')
  expect(toRfc3339(1_739_020_199, 123_456_789)).toBe('2025-02-08T13:09:59.123456Z')
  expect(toRfc3339(1_739_020_199, 1_000)).toBe('2025-02-08T13:09:59.000001Z')
})
