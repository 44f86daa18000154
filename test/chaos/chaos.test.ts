import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { runChaos } from './chaos.ts'
import { planBlows } from './plan.ts'

/** Seconds on a quiet machine. */
const timeout = 240_000
/** Printed; `SEED=… npx vitest run test/chaos` repeats the events and the plan. */
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))

let folder: string
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'chaos-'))))
afterAll(() => rm(folder, { recursive: true }))

test('every victim is killed at least once, and a seed repeats its plan', () => {
  const options = { seed, seconds: 60, ingesters: 3 }
  const blows = planBlows(options)

  const killed = blows.filter(({ signal }) => signal === 'SIGKILL').map(({ victim }) => victim)
  expect(new Set(killed)).toEqual(
    new Set(['BigQuery', 'Cloud Storage', 'ingester 1', 'ingester 2', 'ingester 3']),
  )
  expect(planBlows(options)).toEqual(blows)
})

test('kills of every process while events flow lose nothing', { timeout }, async () => {
  console.log(`seed ${seed}`)
  const { published, blows, problems } = await runChaos({
    folder,
    seed,
    seconds: 6,
    ingesters: 2,
    eventsPerSecond: 100,
    landingMode: 'stream',
    tell() {},
  })

  expect(problems).toEqual([])
  expect(published).toBeGreaterThanOrEqual(600)
  expect(new Set(blows.map(({ victim }) => victim)).size).toBe(4)
})
