import { generateMersenne53Randomizer } from '@faker-js/faker'

/** Chance that repeats itself: the same seed gives the same draws in the same order. */
export type Random = {
  /** From 0 up to, not including, 1. */
  next(): number
  /** A whole number; both ends belong to the range. */
  integer(from: number, to: number): number
  chance(probability: number): boolean
  pick<T>(choices: readonly [T, ...T[]]): T
  /** A waiting time of a thing that happens at any moment alike. */
  wait(mean: number): number
  uuid(): string
}

/** Two streams of one seed that differ in name do not disturb each other. */
export function createRandom(seed: number, name = ''): Random {
  const randomizer = generateMersenne53Randomizer()
  randomizer.seed([seed, ...Buffer.from(name)])
  const next = () => randomizer.next()
  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1))
  return {
    next,
    integer,
    chance: (probability) => next() < probability,
    pick: (choices) => choices[integer(0, choices.length - 1)] ?? choices[0],
    wait: (mean) => -Math.log(1 - next()) * mean,
    uuid: () => asUuid(Array.from({ length: 4 }, () => integer(0, 0xffffffff))),
  }
}

/** Of version 4, as backends make them: 122 of the 128 bits are free. */
function asUuid(words: number[]): string {
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('')
  const variant = '89ab'[Number.parseInt(hex.charAt(16), 16) % 4]
  const third = `4${hex.slice(13, 16)}`
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${third}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}
