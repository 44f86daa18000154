import { expect, test } from 'vitest'
import { createBatcher } from './batcher.ts'
import { event } from './testing-events.ts'

const limits = { maxMessages: 3, maxBytes: 100, maxAgeMs: 1_000 }

function idOf(messageIds: string[]): string | undefined {
  const batcher = createBatcher(limits)
  return messageIds.map((messageId) => batcher.add(event({ messageId }), 0)).at(-1)?.id
}

test('a batch holds one event type of one publish minute', () => {
  const batcher = createBatcher(limits)
  batcher.add(event({ messageId: '1', publishTime: '2025-02-08T13:09:59.999Z' }), 0)
  batcher.add(event({ messageId: '2', publishTime: '2025-02-08T13:10:00.000Z' }), 0)
  batcher.add(event({ messageId: '3', eventType: 'order' }), 0)
  batcher.add(event({ messageId: '4', publishTime: '2025-02-08T13:09:00.000Z' }), 0)

  const batches = batcher.takeDue(1_000)

  expect(
    batches.map(({ eventType, minute, events }) => [
      eventType,
      minute,
      events.map(({ messageId }) => messageId),
    ]),
  ).toEqual([
    ['inventory', '2025-02-08T13:09', ['1', '4']],
    ['inventory', '2025-02-08T13:10', ['2']],
    ['order', '2025-02-08T13:09', ['3']],
  ])
})

test('a batch is sealed by its number of messages', () => {
  const batcher = createBatcher(limits)

  expect([1, 2].map(() => batcher.add(event(), 0))).toEqual([undefined, undefined])
  expect(batcher.add(event(), 0)?.events).toHaveLength(3)
  expect(batcher.takeDue(Infinity)).toEqual([])
})

test('a batch is sealed by its size', () => {
  const batcher = createBatcher(limits)

  expect(batcher.add(event({ bytes: 99 }), 0)).toBeUndefined()
  expect(batcher.add(event({ bytes: 1 }), 0)?.bytes).toBe(100)
})

test('a batch is sealed by its age, counted from its first event', () => {
  const batcher = createBatcher(limits)
  batcher.add(event(), 500)
  batcher.add(event({ eventType: 'order' }), 1_300)
  batcher.add(event(), 1_400)

  expect(batcher.takeDue(1_499)).toEqual([])
  expect(batcher.takeDue(1_500).map(({ events }) => events.length)).toEqual([2])
  expect(batcher.takeDue(9_999)).toHaveLength(1)
  expect(batcher.takeDue(9_999)).toEqual([])
})

test('the oldest batches are taken while all of them hold half of what may be held', () => {
  const batcher = createBatcher(limits)
  batcher.add(event({ eventType: 'order' }), 0)
  batcher.add(event({ eventType: 'inventory' }), 1)
  batcher.add(event({ eventType: 'user_activity' }), 2)
  batcher.add(event({ eventType: 'order' }), 3)
  const typesTaken = (held: { maxMessages: number; maxBytes: number }) =>
    batcher.takeExcess(held).map(({ eventType }) => eventType)

  expect(typesTaken({ maxMessages: 10, maxBytes: 1_000 })).toEqual([])
  expect(typesTaken({ maxMessages: 6, maxBytes: 1_000 })).toEqual(['order'])
  expect(typesTaken({ maxMessages: 10, maxBytes: 20 })).toEqual(['inventory'])
})

test('the same messages make the same batch id in any order', () => {
  expect(idOf(['1', '2', '3'])).toBe(idOf(['3', '1', '2']))
  expect(idOf(['1', '2', '3'])).not.toBe(idOf(['1', '2', '4']))
})
