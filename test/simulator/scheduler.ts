/** Whoever an action belongs to: it does not happen once they are dead, and waits while they stall. */
export type Owner = { isAlive: boolean; stalledUntil: number }

export type Scheduler = {
  /** Virtual milliseconds since 1970, UTC. */
  now(): number
  /** Runs `action` after `ms`; without an owner it belongs to the world. The answer cancels it. */
  after(ms: number, action: () => void, owner?: Owner): () => void
  /** Lets time pass until the condition holds; answers false where `limitMs` pass without it. */
  run(isDone: () => boolean, limitMs: number): Promise<boolean>
}

type Entry = {
  at: number
  /** Drawn by chance: the order of what is ready at the same moment. */
  order: number
  action: () => void
  owner: Owner | undefined
  isCancelled: boolean
}

/** Virtual time that jumps from one action to the next; chance orders those of one moment. */
export function createScheduler(start: number, random: () => number): Scheduler {
  const heap: Entry[] = []
  let now = start

  return {
    now: () => now,
    after(ms, action, owner) {
      const entry = { at: now + ms, order: random(), action, owner, isCancelled: false }
      push(heap, entry)
      return () => {
        entry.isCancelled = true
      }
    },
    async run(isDone, limitMs) {
      // From here on within a promise's reaction, as settle() asks.
      await Promise.resolve()
      const limit = now + limitMs
      while (!isDone()) {
        const [next] = heap
        if (!next || next.at > limit) return false
        pop(heap)
        const { owner } = next
        if (next.isCancelled || owner?.isAlive === false) continue
        if (owner && owner.stalledUntil > next.at) {
          push(heap, { ...next, at: owner.stalledUntil })
          continue
        }
        now = next.at
        next.action()
        if (owner) await settle()
      }
      return true
    },
  }
}

/**
 * Lets every promise that can go on do so, without leaving the present turn of the event loop: called
 * from within a promise's reaction, Node runs a tick only when no reaction is left. The code under
 * test waits for nothing but promises, so the outcome is always the same.
 */
function settle(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve))
}

function isBefore(a: Entry, b: Entry): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.length
  heap.push(entry)
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (!parent || !isBefore(entry, parent)) break
    heap[at] = parent
    at = above
  }
  heap[at] = entry
}

function pop(heap: Entry[]): void {
  const last = heap.pop()
  if (!last || heap.length === 0) return
  let at = 0
  for (;;) {
    const left = heap[2 * at + 1]
    const right = heap[2 * at + 2]
    const isRight = left !== undefined && right !== undefined && isBefore(right, left)
    const child = isRight ? right : left
    if (!child || !isBefore(child, last)) break
    heap[at] = child
    at = 2 * at + (isRight ? 2 : 1)
  }
  heap[at] = last
}
