import { expect, test } from 'vitest'
import { seededRandom } from '../test/raw-events.ts'
import { encodeLines } from './line.ts'
import type { RowTable } from './land-rows.ts'
import { jobIdOf, readLedger } from './load-ledger.ts'
import { createLoadStep } from './load-pending.ts'
import type { PendingLoader } from './pending-loader.ts'
import { createVirtualClock } from './testing-clock.ts'
import { event } from './testing-events.ts'
import { createMemoryLoading } from './testing-loading.ts'

const everyMs = 120_000
const bad = { reason: 'invalid', message: 'no JSON', objectNames: [] }

function tryOnce<T>(action: () => Promise<T>): Promise<T> {
  return action()
}

function setUp() {
  const clock = createVirtualClock()
  const memory = createMemoryLoading()
  const told: string[] = []
  let ids = 0
  const rows: string[] = []
  const table: RowTable = {
    async insert(body) {
      for (const { insertId } of JSON.parse(body.toString()).rows) rows.push(insertId)
      return []
    },
  }
  const loader: PendingLoader = {
    ...memory.portsThrough(async (effect) => effect()),
    table,
    everyMs,
    persistFile: tryOnce,
    persistRows: tryOnce,
    persistJobs: tryOnce,
    clock,
    random: () => ++ids / 1_000,
    log: (severity, text) => void told.push(`${severity} ${text}`),
    onJobFailed: (reason) => void told.push(`failed ${reason}`),
    onSettled: () => void told.push('settled'),
    onLoaded: () => void told.push('loaded'),
  }
  const step = createLoadStep(loader)
  function addFile(name: string, messageId = name): void {
    memory.notes.add(name)
    memory.files.set(name, encodeLines([event({ messageId })], name).toString())
  }
  /** Steps, with their waits, until nothing is pending or so many were done. */
  async function settle(most = 100): Promise<void> {
    for (let steps = 0; steps < most; steps++) {
      const waitMs = await step()
      if (memory.notes.size === 0 && readLedger(memory.ledger.text).loads.length === 0) return
      await clock.advance(waitMs)
    }
    throw new Error(`still pending after ${most} steps: ${[...memory.notes].join(', ')}`)
  }
  return { clock, memory, loader, step, told, rows, addFile, settle }
}

test('all noted files are loaded by one job, and then nothing is pending', async () => {
  const { memory, told, addFile, settle } = setUp()
  for (const name of ['a', 'b', 'c']) addFile(name)

  await settle()

  expect(memory.loaded).toEqual(['a', 'b', 'c'])
  expect(memory.jobs.size).toBe(1)
  expect(told.at(-1)).toBe('loaded')
})

test('the next set is taken only after a while', async () => {
  const { clock, memory, step, addFile, settle } = setUp()
  addFile('a')
  const startedAt = clock.now()
  await settle()

  addFile('b')
  expect(await step()).toBe(startedAt + everyMs - clock.now())
  await settle()

  expect(memory.loaded).toEqual(['a', 'b'])
  expect(clock.now()).toBeGreaterThanOrEqual(startedAt + everyMs)
})

test('without anything pending there is no ledger', async () => {
  const { memory, step, told } = setUp()

  expect(await step()).toBe(everyMs)
  expect(memory.ledger.version).toBe(0)
  // Whoever has loaded what was pending: all is well again.
  expect(told).toEqual(['settled', 'loaded'])
})

test('a job that failed for a passing reason gets a new number, after longer and longer rests', async () => {
  const { clock, memory, addFile, settle } = setUp()
  addFile('a')
  const startedAt = clock.now()
  memory.failureOf = (_, id) =>
    id.endsWith('_4')
      ? undefined
      : { reason: 'backendError', message: 'try later', objectNames: [] }

  await settle()

  expect([...memory.jobs.keys()].map((id) => id.slice(-2))).toEqual(['_1', '_2', '_3', '_4'])
  expect(memory.loaded).toEqual(['a'])
  expect(clock.now() - startedAt).toBeGreaterThan(10_000 + 20_000 + 40_000 - 5_000)
})

test('a job that keeps failing is asked for again no later than a new set would be taken', async () => {
  const { clock, memory, addFile, settle } = setUp()
  addFile('a')
  const startedAt = clock.now()
  memory.failureOf = (_, id) =>
    id.endsWith('_9')
      ? undefined
      : { reason: 'backendError', message: 'try later', objectNames: [] }

  await settle()

  expect(clock.now() - startedAt).toBeLessThan(8 * (everyMs + 5_000))
})

test('a table that is away for a while is no fault of the files', async () => {
  const { memory, rows, addFile, settle } = setUp()
  for (const name of ['a', 'b']) addFile(name)
  memory.failureOf = (_, id) =>
    id.endsWith('_1')
      ? { reason: 'notFound', message: 'Not found: Table p:raw.raw_events', objectNames: [] }
      : undefined

  await settle()

  expect([memory.loaded, rows]).toEqual([['a', 'b'], []])
})

test('a clock that is ahead of this one holds nothing up', async () => {
  const { clock, memory, addFile, settle } = setUp()
  addFile('a')
  const startedAt = clock.now()
  memory.ledger.text = JSON.stringify({ openedAt: startedAt + 3_600_000, loads: [] })

  await settle()

  expect(clock.now() - startedAt).toBeLessThan(everyMs)
})

test('files that BigQuery names as bad land by rows; the others are loaded without them', async () => {
  const { memory, told, rows, addFile, settle } = setUp()
  for (const name of ['a', 'b', 'c', 'd']) addFile(name)
  memory.failureOf = (files) =>
    files.includes('b') || files.includes('c') ? { ...bad, objectNames: ['b', 'c'] } : undefined

  await settle()

  expect([memory.loaded, rows]).toEqual([
    ['a', 'd'],
    ['b', 'c'],
  ])
  expect(memory.jobs.size).toBe(2)
  expect(told).toContain('failed invalid: no JSON')
  expect(told).toContain('WARNING the load job failed: invalid: no JSON')
})

test('a bad file that BigQuery does not name is found by halves', async () => {
  const { memory, rows, addFile, settle } = setUp()
  for (const name of ['a', 'b', 'c', 'd', 'e']) addFile(name)
  memory.failureOf = (files) => (files.includes('d') ? bad : undefined)

  await settle()

  expect([memory.loaded.toSorted(), rows]).toEqual([['a', 'b', 'c', 'e'], ['d']])
})

test('of many instances one lands the rows of a bad file', async () => {
  const { clock, memory, loader, rows, addFile } = setUp()
  addFile('a')
  memory.failureOf = () => bad
  const slow = memory.portsThrough(async (effect) => {
    await new Promise<void>((resolve) => clock.after(1_000, resolve))
    return effect()
  })
  const table: RowTable = {
    async insert(body) {
      await new Promise<void>((resolve) => clock.after(30_000, resolve))
      return await loader.table.insert(body)
    },
  }
  async function live(lives: number): Promise<void> {
    const slowStep = createLoadStep({ ...loader, ...slow, table })
    for (let steps = 0; steps < lives; steps++) {
      const waitMs = await slowStep()
      await new Promise<void>((resolve) => clock.after(waitMs + 1, resolve))
    }
  }
  void live(20)
  void live(20)
  void live(20)

  await clock.advance(600_000)

  expect([rows, memory.notes.size]).toEqual([['a'], 0])
})

test('who waits for BigQuery keeps its claim to a bad file; of who has ended it is taken over', async () => {
  const { clock, memory, loader, rows, addFile } = setUp()
  addFile('a')
  memory.failureOf = () => bad
  const world = { isBigQueryAway: true, isFirstAlive: true, tries: 0 }

  /** An instance that tries rows every ten seconds, until it ends. */
  async function live(name: string, isAlive: () => boolean): Promise<void> {
    const step = createLoadStep({
      ...loader,
      table: {
        async insert(body) {
          world.tries++
          if (world.isBigQueryAway) throw new Error('away')
          rows.push(name)
          return await loader.table.insert(body)
        },
      },
      async persistRows(action) {
        for (;;) {
          if (!isAlive()) throw new Error(`${name} has ended`)
          try {
            return await action()
          } catch {
            await new Promise<void>((resolve) => clock.after(10_000, resolve))
          }
        }
      },
    })
    while (isAlive()) {
      const waitMs = await step().catch(() => 0)
      await new Promise<void>((resolve) => clock.after(waitMs + 1, resolve))
    }
  }
  void live('first', () => world.isFirstAlive)
  await clock.advance(10_000)
  void live('second', () => true)

  await clock.advance(1_200_000)
  const ofOne = world.tries
  expect(ofOne).toBeLessThanOrEqual(122)
  world.isFirstAlive = false
  await clock.advance(280_000)
  expect(world.tries - ofOne).toBeLessThanOrEqual(1)
  await clock.advance(60_000)
  world.isBigQueryAway = false
  await clock.advance(60_000)

  expect([rows, memory.notes.size]).toEqual([['second', 'a'], 0])
})

/** An instance that tries what fails every ten seconds, for ever; BigQuery is away, or not. */
function liveWithPatience({ clock, loader }: ReturnType<typeof setUp>, ledger = loader.ledger) {
  const bigquery = { isAway: true }
  const wait = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve))
  const step = createLoadStep({
    ...loader,
    ledger,
    table: {
      async insert(body) {
        if (bigquery.isAway) throw new Error('away')
        return await loader.table.insert(body)
      },
    },
    async persistRows(action) {
      for (;;) {
        try {
          return await action()
        } catch {
          await wait(10_000)
        }
      }
    },
  })
  async function live(): Promise<void> {
    for (;;) await wait((await step()) + 1)
  }
  void live()
  return { bigquery, wait }
}

test('who has lost its claim to a bad file sends no more of its rows, and does not close its load', async () => {
  const parts = setUp()
  const { clock, memory, rows, addFile } = parts
  addFile('a')
  memory.failureOf = () => bad
  const { bigquery } = liveWithPatience(parts)
  await clock.advance(30_000)
  const [claimed] = readLedger(memory.ledger.text).loads
  expect(claimed?.claim?.renewals).toBe(0)

  const taken = { ...claimed, claim: { by: 'another', renewals: 0 } }
  memory.ledger.text = JSON.stringify({ openedAt: clock.now(), loads: [taken] })
  memory.ledger.version++
  await clock.advance(60_000)
  bigquery.isAway = false
  await clock.advance(60_000)

  expect([rows, memory.notes.size]).toEqual([[], 1])
  expect(readLedger(memory.ledger.text).loads).toEqual([taken])
})

test('a claim that is being renewed when the rows have landed is closed, and they land once', async () => {
  const parts = setUp()
  const { clock, memory, loader, rows, addFile } = parts
  addFile('a')
  memory.failureOf = () => bad
  const delay = { ms: 0 }
  const { bigquery, wait } = liveWithPatience(parts, {
    ...loader.ledger,
    async replace(text, version) {
      await wait(delay.ms)
      return await loader.ledger.replace(text, version)
    },
  })
  await clock.advance(30_000)
  delay.ms = 50_000
  await clock.advance(60_000)
  bigquery.isAway = false
  await clock.advance(300_000)

  expect([rows, memory.notes.size]).toEqual([['a'], 0])
  expect(readLedger(memory.ledger.text).loads).toEqual([])
})

test('who could not look for a while takes no claim over before it has looked for long enough', async () => {
  const { clock, memory, step, addFile } = setUp()
  addFile('a')
  const claim = { by: 'another', renewals: 1 }
  const loads = [{ files: ['a'], attempt: 1, byRows: true, claim }]
  memory.ledger.text = JSON.stringify({ openedAt: clock.now(), loads })

  await step()
  await clock.advance(600_000)
  await step()

  expect(readLedger(memory.ledger.text).loads).toEqual(loads)
})

test('a file that somebody deleted is told of and holds nothing up', async () => {
  const { memory, told, addFile, settle } = setUp()
  addFile('a')
  addFile('b')
  memory.files.delete('a')
  memory.failureOf = (files) =>
    files.includes('a')
      ? { reason: 'notFound', message: 'Not found: URI gs://b/a', objectNames: [] }
      : undefined

  await settle()

  expect(memory.loaded).toEqual(['b'])
  expect(told).toContain('ERROR a pending file is gone, its rows are lost')
})

test('a line that somebody has changed is told, and takes no other along', async () => {
  const { memory, told, rows, addFile, settle } = setUp()
  addFile('a')
  addFile('b')
  memory.files.set('a', `${memory.files.get('a')?.slice(0, -9)}\n${memory.files.get('a')}`)
  memory.failureOf = (files) => (files.includes('a') ? { ...bad, objectNames: ['a'] } : undefined)

  await settle()

  expect([rows, memory.loaded]).toEqual([['a'], ['b']])
  expect(told).toContain(
    'ERROR a pending file holds lines that the ingester did not write: they have no rows',
  )
})

test('no more files are taken at a time than a job may have', async () => {
  const { memory, step, addFile } = setUp()
  for (let index = 0; index < 10_001; index++) addFile(`file ${index}`)

  await step()

  expect(readLedger(memory.ledger.text).loads.map(({ files }) => files.length)).toEqual([10_000])
})

test('no two jobs have one id unless they are the same', () => {
  const names = Array.from({ length: 5_000 }, (_, index) => `file ${index}`)
  const ids = [
    ...names.map((name) => jobIdOf({ files: [name], attempt: 1 }, 'here there')),
    jobIdOf({ files: names, attempt: 1 }, 'here there'),
    jobIdOf({ files: names.slice(0, 10), attempt: 1 }, 'here there'),
    jobIdOf({ files: names, attempt: 2 }, 'here there'),
    jobIdOf({ files: names, attempt: 1 }, 'here elsewhere'),
  ]

  expect(new Set(ids).size).toBe(ids.length)
  // Chance alone must not make two of them one in all the years of a project.
  expect(ids[0]).toMatch(/^raw_events_[0-9a-f]{40}_1$/)
})

test('a ledger that is none is not overwritten', async () => {
  const { memory, step, addFile } = setUp()
  addFile('a')
  memory.ledger.text = '{"loads":[{}]}'

  await expect(step()).rejects.toThrow('pending/loads.json is not a ledger of loads')
})

test.each(Array.from({ length: 300 }, (_, index) => index + 1))(
  'seed %i: instances that fail and crash at every step load each file exactly once',
  async (seed) => {
    const random = seededRandom(seed)
    const { clock, memory, loader, rows, addFile } = setUp()
    const faults = { rate: random() * 0.5 }
    const chance = () => random() < faults.rate
    const badFile = `file ${Math.floor(random() * 30)}`
    memory.failureOf = (files) => {
      if (chance()) return { reason: 'backendError', message: 'later', objectNames: [] }
      return files.includes(badFile)
        ? { ...bad, objectNames: chance() ? [badFile] : [] }
        : undefined
    }

    /** A call: it may be slow, fail before its effect, long before it, or after it. */
    async function call<T>(effect: () => T): Promise<T> {
      await new Promise<void>((resolve) => clock.after(Math.floor(random() * 3_000), resolve))
      if (chance()) throw new Error('away')
      if (chance()) {
        clock.after(Math.floor(random() * 30_000), effect)
        throw new Error('timed out')
      }
      const result = effect()
      if (chance()) throw new Error('reply lost')
      return result
    }

    const begin = () => createLoadStep({ ...loader, ...memory.portsThrough(call) })

    /** An instance without patience: every failure is a crash, and another one takes its place. */
    async function live(until: () => boolean): Promise<void> {
      let oneStep = begin()
      while (!until()) {
        let waitMs = 1_000
        try {
          waitMs = await oneStep()
        } catch (error) {
          if (!/away|timed out|reply lost/.test(String(error))) throw error
          oneStep = begin()
        }
        const rest = Math.min(waitMs, random() * 100_000)
        await new Promise<void>((resolve) => clock.after(rest, resolve))
      }
    }

    const names = Array.from({ length: 20 }, (_, index) => `file ${index}`)
    names.forEach((name) => clock.after(Math.floor(random() * 600_000), () => addFile(name)))
    clock.after(900_000, () => (faults.rate = 0))
    const end = clock.now() + 3_400_000
    const instances = [1, 2, 3].map(() => live(() => clock.now() >= end))
    await clock.advance(3_700_000)
    await Promise.all(instances)

    const good = names.filter((name) => name !== badFile)
    expect(memory.loaded.toSorted()).toEqual(good.toSorted())
    expect(rows.includes(badFile)).toBe(names.includes(badFile))
    expect([...memory.notes, ...readLedger(memory.ledger.text).loads]).toEqual([])
  },
)
