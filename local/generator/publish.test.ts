import { expect, test } from 'vitest'
import type { Publication } from './faults.ts'
import { publishAll, type Publisher } from './publish.ts'

/** A topic that remembers the sizes of the requests and the messages. */
function memoryTopic(overrides: Partial<Publisher> = {}) {
  const sizes: number[] = []
  const messages: string[] = []
  const publisher: Publisher = {
    async publish(data) {
      sizes.push(data.length)
      return data.map((bytes) => `id-${messages.push(bytes.toString())}`)
    },
    close: async () => {},
    ...overrides,
  }
  return { publisher, sizes, messages }
}

function* numbered(count: number, size = 0): Generator<Publication> {
  for (let index = 0; index < count; index += 1) {
    const data = Buffer.from(String(index).padStart(size, '0'))
    yield { data, eventType: 'order', eventTime: 0, time: 0, isDuplicate: false }
  }
}

test('publishes everything in order, in the largest requests, and tells the ids', async () => {
  const { publisher, sizes, messages } = memoryTopic()
  const told: string[] = []

  await publishAll(numbered(2500), {
    publisher,
    onPublished: (_, ids) => void told.push(...ids),
  })

  expect(messages).toEqual(Array.from({ length: 2500 }, (_, index) => String(index)))
  expect(told.toSorted()).toEqual(messages.map((_, index) => `id-${index + 1}`).toSorted())
  expect(sizes).toEqual([1000, 1000, 500])
})

test('keeps a request under the size that Pub/Sub takes', async () => {
  const { publisher, sizes } = memoryTopic()

  await publishAll(numbered(10, 3e6), { publisher, onPublished: () => {} })

  expect(Math.max(...sizes)).toBeLessThanOrEqual(3)
})

test('reads on only while few requests are under way', async () => {
  let read = 0
  function* counted() {
    for (const publication of numbered(100_000)) {
      read += 1
      yield publication
    }
  }
  const { publisher } = memoryTopic({ publish: () => Promise.reject(new Error('topic is gone')) })

  await expect(publishAll(counted(), { publisher, onPublished: () => {} })).rejects.toThrow('gone')
  expect(read).toBeLessThanOrEqual(6000)
})

test('holds a message back until it is due', async () => {
  const { publisher, sizes } = memoryTopic()
  const started = Date.now()
  const dueTimes = [0, 30, 60, 90].map((delay) => started + delay)
  const early: number[] = []
  let published = 0

  await publishAll(numbered(4), {
    publisher,
    due: (_, index) => dueTimes[index] ?? 0,
    onPublished(batch) {
      const due = dueTimes.slice(published, (published += batch.length))
      // A timer may fire within the millisecond before.
      early.push(...due.filter((time) => time > Date.now() + 1))
    },
  })

  expect(sizes.length).toBeGreaterThan(1)
  expect(published).toBe(4)
  expect(early).toEqual([])
})

test('stops in between when it is called off, and what was published was told', async () => {
  const { publisher, messages } = memoryTopic()
  const stop = new AbortController()
  let told = 0

  await publishAll(numbered(10_000), {
    publisher,
    due: (_, index) => (index < 100 ? 0 : Date.now() + 60_000),
    signal: stop.signal,
    onPublished(batch) {
      told += batch.length
      stop.abort()
    },
  })

  expect(told).toBe(100)
  expect(messages.length).toBe(100)
})
