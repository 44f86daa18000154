import { afterAll, beforeAll, expect, test } from 'vitest'
import { compare, typedRows } from './compare.ts'
import { aggregates } from './aggregates.ts'
import { analytics } from './analytics.ts'
import { expressions } from './expressions.ts'
import { queries } from './queries.ts'
import { spelledOut } from './spelled-out.ts'
import { startEngines } from './start-engines.ts'

const seed = Number(process.env['DIFFERENTIAL_SEED'] ?? 42)
const count = Number(process.env['DIFFERENTIAL_ROWS'] ?? 60)

let started: Awaited<ReturnType<typeof startEngines>>
beforeAll(async () => {
  started = await startEngines({ seed, rows: count })
})
afterAll(() => started.stop())

async function differences(sqls: Record<string, string>): Promise<string[]> {
  const found: string[] = []
  for (const [name, sql] of Object.entries(sqls)) {
    const comparison = await compare(sql, started.engines, started.table)
    if (comparison.outcome === 'different') found.push(`${name}: ${comparison.what}`)
    if (comparison.outcome === 'refused') found.push(`${name}: ${comparison.because}`)
  }
  return found
}

type Query = (columns: string) => string

const perRow: Query = (columns) => `${typedRows} SELECT ${columns} FROM z ORDER BY k`

/** Many in one query, and one by one only where that is not the same. */
async function differencesOf(list: string[], query: Query): Promise<string[]> {
  const found: string[] = []
  for (let from = 0; from < list.length; from += 12) {
    const some = list.slice(from, from + 12)
    const columns = some.map((expression, index) => `${expression} AS v${index}`)
    const { outcome } = await compare(query(columns.join(', ')), started.engines, started.table)
    if (outcome === 'same') continue
    const single = some.map((expression) => [expression, query(`${expression} AS v`)])
    found.push(...(await differences(Object.fromEntries(single))))
  }
  return found
}

test.each(Object.entries(expressions))(
  `%s are GoogleSQL's on awkward rows (seed ${seed})`,
  async (_, family) => {
    expect(await differencesOf(family, perRow)).toEqual([])
  },
)

test.each<[string, Query]>([
  ['over all rows', (columns) => `${typedRows} SELECT ${columns} FROM z`],
  ['by group', (columns) => `${typedRows} SELECT u, ${columns} FROM z GROUP BY u ORDER BY u`],
  ['over no rows', (columns) => `${typedRows} SELECT ${columns} FROM z WHERE k < 0`],
])(`aggregates are GoogleSQL's %s (seed ${seed})`, async (_, query) => {
  expect(await differencesOf(aggregates, query)).toEqual([])
})

test(`window functions are GoogleSQL's (seed ${seed})`, async () => {
  expect(await differencesOf(analytics, perRow)).toEqual([])
})

test(`queries are GoogleSQL's (seed ${seed})`, async () => {
  const sqls = Object.fromEntries(queries.map((query) => [query, `${typedRows} ${query}`]))

  expect(await differences(sqls)).toEqual([])
})

test.each(Object.entries(spelledOut))(
  `what the reference knows in other words only is the same (seed ${seed}): %s`,
  async (ours, theirs) => {
    const [sql, referenceSql] = [`${typedRows} ${ours}`, `${typedRows} ${theirs}`]

    expect(await compare(sql, started.engines, started.table, { referenceSql })).toEqual({
      outcome: 'same',
    })
  },
)
