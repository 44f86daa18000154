import type { ReferenceTable } from '../../analyzer/reference.ts'
import type { Random } from '../awkward-rows.ts'
import { compare, type Comparison, type Engines } from '../compare.ts'
import { type Choices, recorded, replayed, shrunkChoices } from './choices.ts'
import { randomStatement } from './queries/random-query.ts'
import { countOutcome, type Difference, newTally, type Tally } from './tally.ts'

/** A query in the words of both engines. */
export type Twin = { sql: string; referenceSql: string; isUnordered: boolean }

/** The query that these choices make. */
export function queryOf(choices: Choices): Twin {
  const { sql, isOrdered } = randomStatement(replayed(choices), false)
  const { sql: referenceSql } = randomStatement(replayed(choices), true)
  return { sql, referenceSql, isUnordered: !isOrdered }
}

/** Compares so many random queries on both engines. */
export async function fuzzQueries(
  {
    queries,
    random,
    onProgress = () => {},
  }: { queries: number; random: Random; onProgress?(done: number): void },
  run: (query: Twin) => Promise<Comparison>,
): Promise<Tally> {
  const tally = newTally()
  for (let done = 0; done < queries; done += 1) {
    const { choices, random: noted } = recorded(random)
    randomStatement(noted, false)
    const query = queryOf(choices)
    const comparison = await run(query)
    countOutcome(tally, comparison)
    onProgress(done + 1)
    if (comparison.outcome === 'different') {
      tally.differences.push(await smallest(choices, comparison.what, run))
    }
  }
  return tally
}

async function smallest(
  choices: Choices,
  what: string,
  run: (query: Twin) => Promise<Comparison>,
): Promise<Difference> {
  let said = what
  const fewest = await shrunkChoices(choices, async (candidate) => {
    const comparison = await run(queryOf(candidate))
    if (comparison.outcome !== 'different') return false
    said = comparison.what
    return true
  })
  const { sql, referenceSql } = queryOf(fewest)
  return { sql, ...(referenceSql !== sql && { referenceSql }), what: said }
}

/** A comparison on the given engines, as `fuzzQueries` wants it. */
export function queryComparer(engines: Engines, table: ReferenceTable) {
  return ({ sql, ...options }: Twin): Promise<Comparison> => compare(sql, engines, table, options)
}
