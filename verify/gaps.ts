import { objectName } from '../ingest/object-name.ts'
import type { FileName } from './file-name.ts'

/** Finds the numbers that no file of a minute has although a later one is taken. */
export type Gaps = {
  /** To be told of every name, in the order of names. */
  see(name: FileName): void
  /** The names that were left out, as soon as their minute is over; `end`: all minutes are. */
  take(end?: boolean): string[]
}

export function createGaps(): Gaps {
  let minute: FileName | undefined
  let numbers = new Set<number>()
  let found: string[] = []

  function close(): void {
    if (!minute) return
    const last = Math.max(...numbers)
    for (let number = 1; number < last; number++) {
      if (!numbers.has(number)) found.push(objectName(minute.eventType, minute.minute, number))
    }
  }

  return {
    see(name) {
      if (minute?.eventType !== name.eventType || minute.minute !== name.minute) {
        close()
        minute = name
        numbers = new Set()
      }
      numbers.add(name.number)
    },
    take(end = false) {
      if (end) close()
      const taken = found
      found = []
      return taken
    },
  }
}
