import { expect, test } from 'vitest'
import type { Surroundings } from './ingester.ts'
import { readLedger } from './load-ledger.ts'
import { createMemoryLoading } from './testing-loading.ts'
import { runInMemory } from './testing-ingester.ts'

const loading = { mode: 'stream' as const, patienceMs: 60_000, everyMs: 120_000 }

/** An ingester with load jobs; BigQuery as a whole is away, or not. */
function run(changes: Partial<Surroundings> = {}, mode: 'stream' | 'load' = 'stream') {
  const memory = createMemoryLoading()
  const bigquery = { isAway: false, rows: 0 }
  const log: string[] = []
  const ports = memory.portsThrough(async (effect) => effect())
  const ran = runInMemory(
    {
      table: {
        async insert(body) {
          if (bigquery.isAway) throw new Error('backend error')
          bigquery.rows += JSON.parse(body.toString()).rows.length
          return []
        },
      },
      loading: {
        ...ports,
        notes: {
          ...ports.notes,
          async add(name) {
            ran.effects.push(`note ${name.slice(-8)}`)
            await ports.notes.add(name)
          },
        },
        jobs: {
          route: 'here there',
          async run(id, names) {
            if (bigquery.isAway) throw new Error('backend error')
            return await ports.jobs.run(id, names)
          },
        },
      },
      log: (severity, text) => void log.push(`${severity} ${text}`),
      ...changes,
    },
    { loading: { ...loading, mode }, unhealthyAfterSeconds: 100 },
  )
  const effects = (pattern: RegExp) => ran.effects.filter((effect) => pattern.test(effect))
  const isSettled = () =>
    memory.notes.size === 0 && readLedger(memory.ledger.text).loads.length === 0
  return { ...ran, memory, bigquery, log, effectsOf: effects, isSettled }
}

test('while BigQuery is away rows wait: first in memory, then in files that are noted', async () => {
  const { ingester, clock, deliver, bigquery, effectsOf, log } = run()
  bigquery.isAway = true

  deliver('a b')
  await clock.advance(55_000)
  expect(effectsOf(/ack|note/)).toEqual([])
  await clock.advance(30_000)
  expect(effectsOf(/ack|note|file/)).toEqual(['file 001.json', 'note 001.json', 'ack a b'])
  deliver('c d')
  await clock.advance(0)

  expect(effectsOf(/ack|note|file/).slice(3)).toEqual(['file 002.json', 'note 002.json', 'ack c d'])
  expect(log).toContain('WARNING BigQuery is away: rows wait in their files and will be loaded')
  expect(ingester.health.reasons()).toContain('BigQuery: backend error; rows wait in their files')
})

test('when BigQuery is back the files are loaded, and rows are sent again', async () => {
  const { ingester, clock, deliver, bigquery, memory, effectsOf, isSettled, log } = run()
  bigquery.isAway = true
  deliver('a b')
  await clock.advance(90_000)
  deliver('c d')
  await clock.advance(300_000)
  expect(memory.loaded).toEqual([])

  bigquery.isAway = false
  await clock.advance(240_000)
  expect(memory.loaded.map((name) => name.slice(-8)).toSorted()).toEqual(['001.json', '002.json'])
  expect([isSettled(), bigquery.rows]).toEqual([true, 0])
  expect(ingester.health.reasons()).toEqual([])
  deliver('e f')
  await clock.advance(0)

  expect([bigquery.rows, effectsOf(/note/)]).toEqual([2, ['note 001.json', 'note 002.json']])
  expect(log).toContain('INFO BigQuery is back: rows are sent again')
})

test('without load jobs to tell, a batch now and then tries whether BigQuery is back', async () => {
  const { ingester, clock, deliver, bigquery, memory, effectsOf } = run()
  memory.failureOf = () => ({ reason: 'backendError', message: 'no slots', objectNames: [] })
  bigquery.isAway = true
  deliver('a b')
  await clock.advance(120_000)
  deliver('c d')
  await clock.advance(0)

  bigquery.isAway = false
  deliver('e f')
  await clock.advance(29_999)
  expect([bigquery.rows, effectsOf(/note/).length]).toEqual([0, 3])
  await clock.advance(1)
  deliver('g h')
  await clock.advance(0)

  expect([bigquery.rows, effectsOf(/note/).length]).toEqual([2, 3])
  expect(ingester.health.reasons()).toContain('Load jobs: backendError: no slots')
})

test('nothing is acknowledged before its note is durable', async () => {
  const { clock, deliver, effectsOf } = run(
    {
      loading: {
        ...createMemoryLoading().portsThrough(async (effect) => effect()),
        notes: {
          add: () => Promise.reject(new Error('no bucket')),
          list: async () => [],
          remove: async () => {},
        },
      },
    },
    'load',
  )

  deliver('a b')
  await clock.advance(120_000)

  expect(effectsOf(/file|ack/)).toEqual(['file 001.json'])
  expect(effectsOf(/extend/)).toHaveLength(6)
})

test('in load mode no row is sent: every file is noted and loaded', async () => {
  const { clock, deliver, bigquery, memory, effectsOf, isSettled } = run({}, 'load')

  deliver('a b')
  await clock.advance(0)
  expect(effectsOf(/file|note|ack|rows/)).toEqual(['file 001.json', 'note 001.json', 'ack a b'])
  await clock.advance(130_000)

  expect([memory.loaded.length, isSettled(), bigquery.rows]).toEqual([1, true, 0])
})

test('an ingester that starts brings in what another left behind', async () => {
  const left = createMemoryLoading()
  left.notes.add('output/order/2025/02/08/13/09/order_2025020813090001.json')
  const { clock } = run({ loading: left.portsThrough(async (effect) => effect()) })

  await clock.advance(10_000)

  expect([left.loaded.length, left.notes.size]).toEqual([1, 0])
})

test('stopping while BigQuery is away gives nothing back: files and notes are enough', async () => {
  const { ingester, clock, deliver, bigquery, memory } = run()
  bigquery.isAway = true
  deliver('a b')
  await clock.advance(10_000)
  deliver('c')

  const stopped = ingester.stop()
  await clock.advance(7_000)

  expect(await stopped).toEqual({ landed: 3, givenBack: 0 })
  expect(memory.notes.size).toBe(2)
})

test('stopping while BigQuery refuses a row sends it as bytes, and leaves nothing to a load', async () => {
  const answers = [[{ index: 0, reason: 'invalid', message: 'why' }]]
  const { ingester, clock, deliver, memory } = run({
    table: { insert: async () => answers.shift() ?? [] },
  })
  deliver('a b')
  await clock.advance(0)

  const stopped = ingester.stop()
  await clock.advance(7_000)

  expect(await stopped).toEqual({ landed: 2, givenBack: 0 })
  expect(memory.notes.size).toBe(0)
})

test('a BigQuery that answers, but takes no row at all, is away', async () => {
  const failures = [0, 1].map((index) => ({ index, reason: 'backendError', message: '' }))
  const { clock, deliver, memory } = run({ table: { insert: async () => failures } })

  deliver('a b')
  await clock.advance(90_000)

  expect(memory.notes.size).toBe(1)
})

test('one call that hangs for all of the patience is enough', async () => {
  const { clock, deliver, memory } = run({
    table: {
      insert: () =>
        new Promise((_, reject) => clock.after(60_000, () => reject(new Error('no answer')))),
    },
  })

  deliver('a b')
  await clock.advance(60_000)

  expect(memory.notes.size).toBe(1)
})

test('ten minutes without BigQuery hold up no message for longer than the breaker’s patience', async () => {
  const { ingester, clock, deliver, bigquery, memory, effectsOf, isSettled } = run()
  bigquery.isAway = true
  const reasons = new Set<string>()
  for (let second = 0; second < 600; second++) {
    deliver(`${second}a ${second}b`)
    await clock.advance(1_000)
    for (const reason of ingester.health.reasons()) reasons.add(reason)
  }
  bigquery.isAway = false
  await clock.advance(300_000)

  expect([...reasons].filter((reason) => reason.includes('oldest message'))).toEqual([])
  expect(effectsOf(/given back/)).toEqual([])
  expect(effectsOf(/^ack/)).toHaveLength(600)
  expect([memory.loaded.length * 2 + bigquery.rows, isSettled()]).toEqual([1_200, true])
})
