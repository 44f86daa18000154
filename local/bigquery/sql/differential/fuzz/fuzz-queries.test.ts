import { afterAll, beforeAll, expect, test } from 'vitest'
import { seededRandom } from '../awkward-rows.ts'
import type { Comparison } from '../compare.ts'
import { startEngines } from '../start-engines.ts'
import { fuzzQueries, queryComparer, type Twin } from './fuzz-queries.ts'
import { randomStatement } from './queries/random-query.ts'

const seed = Number(process.env['FUZZ_SEED'] ?? 7)

let started: Awaited<ReturnType<typeof startEngines>>
beforeAll(async () => {
  started = await startEngines({ seed, rows: 1 })
})
afterAll(() => started.stop())

test(`random queries are GoogleSQL's, or refused (seed ${seed})`, async () => {
  const { engines, table } = started
  const random = seededRandom(seed)

  const { counts, differences } = await fuzzQueries(
    { queries: 60, random },
    queryComparer(engines, table),
  )

  expect(differences).toEqual([])
  expect(counts.same).toBeGreaterThan(50)
})

test('a difference is told by a small query that still shows it', async () => {
  const { differences } = await fuzzQueries(
    { queries: 300, random: seededRandom(seed) },
    differentWithLag,
  )

  expect(differences.length).toBeGreaterThan(0)
  for (const { sql, what } of differences) {
    expect(sql).toMatch(/LAG\(/)
    expect(sql.length).toBeLessThan(1000)
    expect(what).toBe('lag')
  }
})

async function differentWithLag({ sql }: Twin): Promise<Comparison> {
  return sql.includes('LAG(') ? { outcome: 'different', what: 'lag' } : { outcome: 'same' }
}

test('the same seed gives the same query', () => {
  const [one, other] = [1, 2].map(() => randomStatement(seededRandom(seed), false).sql)

  expect(one).toBe(other)
})
