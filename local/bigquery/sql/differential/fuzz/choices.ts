import type { Random } from '../awkward-rows.ts'

/** What a random number generator was asked for and gave: enough to make the same thing again. */
export type Choices = number[]

/** The same random numbers, and a record of them. */
export function recorded(random: Random): { random: Random; choices: Choices } {
  const choices: Choices = []
  return {
    choices,
    random: (limit) => {
      const choice = random(limit)
      choices.push(choice)
      return choice
    },
  }
}

/** Gives recorded choices again; 0, which stands for the simplest, after their end and for what is too great. */
export function replayed(choices: Choices): Random {
  let next = 0
  return (limit) => {
    const choice = choices[next] ?? 0
    next += 1
    return choice < limit ? choice : 0
  }
}

/**
 * Fewer and smaller choices that are still interesting. What they make is well-formed whatever they
 * are, so nobody needs to know what it is to make it smaller.
 */
export async function shrunkChoices(
  choices: Choices,
  isInteresting: (choices: Choices) => Promise<boolean>,
  attempts = 1000,
): Promise<Choices> {
  let best = choices
  let left = attempts
  const tryThis = async (candidate: Choices): Promise<boolean> => {
    left -= 1
    if (left < 0 || !(await isInteresting(candidate))) return false
    best = candidate
    return true
  }
  const pass = async (): Promise<boolean> => {
    const before = best
    for (let size = Math.max(1, best.length >> 1); size > 0; size >>= 1) {
      for (let at = best.length - size; at >= 0; at -= size) {
        const isCut = await tryThis(best.toSpliced(at, size))
        const part = best.slice(at, at + size)
        if (isCut || part.every((choice) => choice === 0)) continue
        await tryThis(best.toSpliced(at, size, ...part.map(() => 0)))
      }
    }
    return best !== before && left > 0
  }
  while (await pass());
  return best
}
