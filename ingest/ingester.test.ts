import { expect, test } from 'vitest'
import { sampleEvents } from './testing-events.ts'
import { options, runInMemory as run } from './testing-ingester.ts'

test('a batch lands as a file, then as rows, and only then is acknowledged', async () => {
  const { clock, effects, deliver } = run()

  deliver('a b')
  await clock.advance(0)

  expect(effects).toEqual(['file 001.json', 'rows 2', 'ack a b'])
})

test('a message that comes again while it is held lands once, and both deliveries are settled', async () => {
  const { clock, effects, deliver } = run()

  deliver('1/first')
  await clock.advance(500)
  deliver('1/second')
  deliver('1/third 2/first')
  await clock.advance(0)

  expect(effects).toEqual(['file 001.json', 'rows 2', 'ack 1/first 1/second 1/third 2/first'])
})

test('a batch that does not fill lands at its age', async () => {
  const { clock, effects, deliver } = run()

  deliver('a')
  await clock.advance(999)
  expect(effects).toEqual([])
  await clock.advance(1)

  expect(effects).toEqual(['file 001.json', 'rows 1', 'ack a'])
})

test('nothing is acknowledged while BigQuery fails: leases are extended until it is back', async () => {
  let isAway = true
  const { ingester, clock, effects, deliver } = run({
    table: {
      async insert() {
        if (isAway) throw new Error('backend error')
        return []
      },
    },
  })

  deliver('a b')
  await clock.advance(120_000)
  expect(effects.filter((effect) => effect.startsWith('extend'))).toHaveLength(6)
  expect(effects.filter((effect) => effect.startsWith('ack'))).toEqual([])
  expect(ingester.health.reasons()).toEqual(['BigQuery: backend error'])

  isAway = false
  await clock.advance(30_000)
  expect(effects).toContain('ack a b')
  expect(effects.filter((effect) => effect.startsWith('file'))).toHaveLength(1)
  expect(ingester.health.reasons()).toEqual([])
})

test('no row is sent before its file is there', async () => {
  const { clock, effects, deliver } = run({
    store: {
      create: () => Promise.reject(new Error('no bucket')),
      batchIdOf: async () => undefined,
      list: async () => [],
    },
  })

  deliver('a b')
  await clock.advance(60_000)

  expect(effects.filter((effect) => !effect.startsWith('extend'))).toEqual([])
})

test('a permission to write files that is withdrawn is told, and given again it recovers', async () => {
  let isAllowed = false
  const told: string[] = []
  const { ingester, clock, effects, deliver } = run({
    store: {
      async create() {
        if (!isAllowed) throw new Error('storage.objects.create denied')
        return true
      },
      batchIdOf: async () => undefined,
      list: async () => [],
    },
    log: (severity, text) => void told.push(`${severity} ${text}`),
  })

  deliver('a b')
  await clock.advance(60_000)
  expect(ingester.health.reasons()).toEqual(['Cloud Storage: storage.objects.create denied'])
  expect(told.at(-1)).toBe(
    'WARNING Cloud Storage failed, trying again: storage.objects.create denied',
  )
  isAllowed = true
  await clock.advance(30_000)

  expect(effects).toContain('ack a b')
  expect(ingester.health.reasons()).toEqual([])
})

test('a permission to consume that is withdrawn is told, and given again it recovers', async () => {
  const told: string[] = []
  const { ingester, clock, effects, deliver, breakStream } = run({
    log: (severity, text) => void told.push(`${severity} ${text}`),
  })
  deliver('a b')
  await clock.advance(60_000)
  const denied = new Error('7 PERMISSION_DENIED')

  breakStream(denied)
  await clock.advance(1_000)
  breakStream(denied)
  expect(ingester.health.reasons()).toEqual(['Pub/Sub: 7 PERMISSION_DENIED'])
  expect(told.at(-1)).toBe('WARNING Pub/Sub failed, trying again: 7 PERMISSION_DENIED')
  await clock.advance(1_000)
  deliver('c d')
  await clock.advance(0)

  expect(effects.at(-1)).toBe('ack c d')
  expect(ingester.health.reasons()).toEqual([])
})

test('pulling pauses while too much is held and goes on when it has landed', async () => {
  const { promise: landed, resolve: land } = Promise.withResolvers<[]>()
  const { clock, effects, deliver } = run({ table: { insert: () => landed } })

  deliver('a b c d e f g h i')
  expect(effects).not.toContain('pause')
  deliver('j')
  await clock.advance(0)
  expect(effects.filter((effect) => effect === 'pause')).toHaveLength(1)

  land([])
  await clock.advance(0)
  expect(effects.filter((effect) => effect === 'resume')).toHaveLength(1)
})

test('no more batches land at a time than may', async () => {
  let landings = 0
  const { clock, deliver } = run({
    store: {
      create: () => (landings++, new Promise<boolean>(() => {})),
      batchIdOf: async () => undefined,
      list: async () => [],
    },
  })

  deliver('a b c d e f')
  await clock.advance(0)

  expect(landings).toBe(options.concurrentLandings)
})

test('many small batches are landed before they hold everything up', async () => {
  const { clock, effects, deliver } = run({}, { batch: { ...options.batch, maxMessages: 100 } })

  deliver('a b c d e')
  await clock.advance(0)

  expect(effects).toEqual(['file 001.json', 'rows 5', 'ack a b c d e'])
})

test('it is unhealthy when the oldest message is held for too long', async () => {
  const { ingester, clock, deliver } = run(
    { table: { insert: () => new Promise(() => {}) } },
    { unhealthyAfterSeconds: 30 },
  )

  deliver('a b')
  await clock.advance(30_000)
  expect(ingester.health.reasons()).toEqual([])
  await clock.advance(1_000)

  expect(ingester.health.reasons()).toEqual(['the oldest message held was received 31 seconds ago'])
})

test('stopping lands what is held, also what is not yet full', async () => {
  const { ingester, clock, effects, deliver } = run()
  deliver('a b c')

  const stopped = ingester.stop()
  await clock.advance(0)

  expect(await stopped).toEqual({ landed: 3, givenBack: 0 })
  expect(effects).toContain('call ack a b')
  expect(effects).toContain('call ack c')
  expect(effects.at(-1)).toBe('cancel')
})

test('stopping gives back what does not land in time', async () => {
  const { ingester, clock, effects, deliver } = run({
    table: { insert: () => Promise.reject(new Error('away')) },
  })
  deliver('a b c')

  const stopped = ingester.stop()
  await clock.advance(6_999)
  expect(effects).not.toContain('cancel')
  await clock.advance(1)

  expect(await stopped).toEqual({ landed: 0, givenBack: 3 })
  expect(effects.filter((effect) => effect.includes('ack'))).toEqual([])
  expect(effects.slice(-2)).toEqual(['call 0 a b c', 'cancel'])
})

test('a log line tells of a batch, with counts and without content', async () => {
  const lines: unknown[] = []
  const { clock, deliver } = run({
    log: (severity, text, fields) => lines.push({ severity, text, ...fields }),
  })

  deliver('a b')
  await clock.advance(0)

  expect(lines).toEqual([
    {
      severity: 'INFO',
      text: 'landed',
      event_type: 'inventory',
      object_name: 'output/inventory/2025/02/08/13/09/inventory_2025020813090001.json',
      batch_id: expect.stringMatching(/^[0-9a-f]{64}$/),
      lines: 2,
      bytes: 2 * JSON.stringify(sampleEvents.inventory).length,
      rejected: 0,
      refused: 0,
      pending: false,
      file_ms: 0,
      rows_ms: 0,
    },
  ])
})
