import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../awkward-rows.ts'
import type { Comparison } from '../compare.ts'
import { startEngines } from '../start-engines.ts'
import { printExpression, randomExpression } from './expression.ts'
import { comparer, fuzz } from './fuzz.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? 7)

let started: Awaited<ReturnType<typeof startEngines>>
beforeAll(async () => {
  started = await startEngines({ seed, rows: 25 })
})
afterAll(() => started.stop())

test(`random expressions are GoogleSQL's, or refused (seed ${seed})`, async () => {
  const { engines, table } = started
  const random = seededRandom(seed)

  const { counts, differences } = await fuzz({ expressions: 120, random }, comparer(engines, table))

  expect(differences).toEqual([])
  expect(counts.same).toBeGreaterThan(90)
})

test('a difference is told by the smallest expression that still shows it', async () => {
  const { differences } = await fuzz(
    { expressions: 400, random: seededRandom(seed) },
    differentWithUpper,
  )

  expect(differences.length).toBeGreaterThan(0)
  for (const { sql, what } of differences) {
    expect(sql).toMatch(/UPPER\(/)
    expect(sql.length).toBeLessThan(200)
    expect(what).toBe('upper')
  }
})

async function differentWithUpper(sql: string): Promise<Comparison> {
  return sql.includes('UPPER') ? { outcome: 'different', what: 'upper' } : { outcome: 'same' }
}

test('the same seed gives the same expressions', () => {
  const texts = [1, 2].map(() => printExpression(randomExpression('STRING', 4, seededRandom(seed))))

  expect(texts[0]).toBe(texts[1])
})
