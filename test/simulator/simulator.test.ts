import { expect, test } from 'vitest'
import { faultKinds } from './faults.ts'
import { simulate } from './simulate.ts'
import { addRun, emptySummary } from './summary.ts'

const seeds = 250

test(`no promise is broken in ${seeds} runs that suffer faults of every kind`, async () => {
  const summary = emptySummary()

  for (let seed = 1; seed <= seeds && summary.violations.length === 0; seed++) {
    addRun(summary, await simulate(seed))
  }

  const broken = summary.violations.map(({ seed, violation }) => ({ seed, ...violation }))
  expect(broken, 'replay with: npm run simulate -- --seed N').toEqual([])
  expect(summary.faults.size).toBe(faultKinds.length)
  expect(Math.min(...summary.faults.values())).toBeGreaterThan(0)
}, 600_000)

async function traceOf(seed: number): Promise<string[]> {
  const trace: string[] = []
  await simulate(seed, { trace })
  return trace
}

test('the same seed is the same run, step by step', async () => {
  const first = await traceOf(7)
  const other = await traceOf(8)

  expect(first.length).toBeGreaterThan(50)
  expect(other).not.toEqual(first)
  expect(await traceOf(7)).toEqual(first)
})
