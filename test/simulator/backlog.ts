import type { Chance } from './chance.ts'
import type { StoredMessage } from './stored-message.ts'

/** Messages that wait for somebody to have room for them. */
export type Backlog = {
  add(message: StoredMessage): void
  /** One of the oldest; Pub/Sub keeps no order, but as a rule it begins with them. */
  take(): StoredMessage | undefined
  /** It is waited for no longer; it need not have waited. */
  remove(message: StoredMessage): void
  isEmpty(): boolean
}

/** One of the `disorder` oldest messages comes next. */
export function createBacklog(chance: Chance, disorder: number): Backlog {
  // Who was removed stays in the list until its turn comes: isWaiting tells.
  let list: StoredMessage[] = []
  let head = 0
  let waiting = 0

  function remove(message: StoredMessage): void {
    if (message.isWaiting) waiting--
    message.isWaiting = false
  }

  /** The head and one of those behind it change places. */
  function next(): StoredMessage | undefined {
    const first = list[head]
    const place = chance.integer(head, Math.min(head + disorder, list.length) - 1)
    const chosen = list[place]
    if (first && chosen) list[place] = first
    head++
    if (head > 1_000 && head > list.length / 2) {
      list = list.slice(head)
      head = 0
    }
    return chosen
  }

  return {
    remove,
    isEmpty: () => waiting === 0,
    add(message) {
      if (!message.isWaiting) waiting++
      message.isWaiting = true
      list.push(message)
    },
    take() {
      while (waiting > 0) {
        const message = next()
        if (!message?.isWaiting) continue
        remove(message)
        return message
      }
      return undefined
    },
  }
}
