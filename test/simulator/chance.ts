import { seededRandom } from '../raw-events.ts'

/** All chance of a run, in one order of draws: that is what makes a seed repeat its run. */
export type Chance = {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number; both ends belong to the range. */
  integer(from: number, to: number): number
  happens(probability: number): boolean
  pick<T>(choices: readonly [T, ...T[]]): T
  /** One of a list that may be empty. */
  anyOf<T>(list: readonly T[]): T | undefined
}

export function createChance(seed: number): Chance {
  const next = seededRandom(seed)
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    integer,
    happens: (probability) => probability > 0 && next() < probability,
    pick: (choices) => choices[integer(0, choices.length - 1)] ?? choices[0],
    anyOf: (list) => list[integer(0, list.length - 1)],
  }
}
