import type { Comparison } from '../compare.ts'

export type Outcome = Comparison['outcome']

export type Tally = {
  counts: Record<Outcome, number>
  /** What each refusal said, and how often. */
  refusals: Map<string, number>
  differences: Difference[]
}

/** The smallest query found that is still different; in other words for the reference where it lacks these. */
export type Difference = { sql: string; referenceSql?: string; what: string }

export function newTally(): Tally {
  return {
    counts: { same: 0, failing: 0, unchecked: 0, refused: 0, different: 0 },
    refusals: new Map(),
    differences: [],
  }
}

export function countOutcome(tally: Tally, comparison: Comparison): void {
  tally.counts[comparison.outcome] += 1
  if (comparison.outcome !== 'refused') return
  const { because } = comparison
  tally.refusals.set(because, (tally.refusals.get(because) ?? 0) + 1)
}
