import { afterAll, beforeAll, beforeEach, vi } from 'vitest'
import { empty, land, openModels, runAll, type Models } from '../law/models.ts'
import type { RawEvent } from '../raw-events.ts'

/** What lands before each run. */
type Arrivals = { row: RawEvent }[][]

/** All models in a warehouse of the test file, empty before each test. */
export type Books = {
  models(): Models
  query(sql: string): Promise<Record<string, unknown>[]>
  /** Runs all models after each arrival, or those groups. */
  runs(...arrivals: Arrivals): Promise<void>
  runsOf(groups: Models['increments'], arrivals: Arrivals): Promise<void>
  /** Of all models only those that a test looks at. */
  only(...names: string[]): Models['increments']
  clear(): Promise<void>
}

export function openBooks(): Books {
  let opened: Models | undefined
  // Seconds on a quiet machine.
  vi.setConfig({ testTimeout: 120_000 })
  beforeAll(async () => void (opened = await openModels()), 120_000)
  afterAll(() => opened?.warehouse.stop())
  beforeEach(clear)

  function models(): Models {
    if (opened) return opened
    throw new Error('the models are not open yet')
  }

  async function clear(): Promise<void> {
    const { warehouse, increments } = models()
    const tables = increments.flat().map(({ name }) => name)
    await empty(warehouse, ['raw.raw_events', 'events.read_positions', ...tables])
  }

  async function runsOf(groups: Models['increments'], arrivals: Arrivals): Promise<void> {
    for (const events of arrivals) {
      await land(models().warehouse, events)
      await runAll(models().warehouse, groups)
    }
  }

  return {
    models,
    query: (sql) => models().warehouse.query(sql),
    runs: (...arrivals) => runsOf(models().increments, arrivals),
    runsOf,
    only: (...names) =>
      models().increments.map((group) => group.filter(({ name }) => names.includes(name))),
    clear,
  }
}
