/** Lets one holder in at a time, in the order in which they asked. */
export type Queue = {
  /** Resolves when it is our turn; the function that it gives ends our turn, once. */
  enter(): Promise<() => void>
}

export function createQueue(): Queue {
  let last: Promise<void> = Promise.resolve()
  return {
    async enter() {
      const { promise, resolve } = Promise.withResolvers<void>()
      const before = last
      last = promise
      await before
      return resolve
    },
  }
}
