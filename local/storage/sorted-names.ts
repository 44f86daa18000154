import { compareNames } from './names.ts'

/** Names in the order in which Cloud Storage lists them. */
export type SortedNames = { names: string[] }

export function addName({ names }: SortedNames, name: string): void {
  const at = firstFrom({ names }, name)
  if (names[at] !== name) names.splice(at, 0, name)
}

export function removeName({ names }: SortedNames, name: string): void {
  const at = firstFrom({ names }, name)
  if (names[at] === name) names.splice(at, 1)
}

/** The index of the first name that is not before this one. */
export function firstFrom({ names }: SortedNames, name: string): number {
  let low = 0
  let high = names.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareNames(names[middle] ?? '', name) < 0) low = middle + 1
    else high = middle
  }
  return low
}
