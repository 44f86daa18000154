/** Things to come, taken out in the order of their time; at the same time, in the order they were noted. */
export type Agenda<T> = {
  add(time: number, item: T): void
  /** The earliest, or nothing when nothing is left. */
  take(): { time: number; item: T } | undefined
  /** The time of the earliest. */
  next(): number | undefined
  readonly size: number
}

type Entry<T> = { time: number; order: number; item: T }

/** A binary heap: the shop holds some ten thousand future deliveries, and asks at each event. */
export function createAgenda<T>(): Agenda<T> {
  const heap: Entry<T>[] = []
  let noted = 0

  const isBefore = (left: Entry<T>, right: Entry<T>) =>
    left.time < right.time || (left.time === right.time && left.order < right.order)

  function rise(entry: Entry<T>): void {
    let index = heap.length
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = heap[above]
      if (!parent || isBefore(parent, entry)) break
      heap[index] = parent
      index = above
    }
    heap[index] = entry
  }

  function sink(entry: Entry<T>): void {
    let index = 0
    for (;;) {
      const left = 2 * index + 1
      const first = heap[left]
      if (!first) break
      const second = heap[left + 1]
      const [below, child] = second && isBefore(second, first) ? [left + 1, second] : [left, first]
      if (isBefore(entry, child)) break
      heap[index] = child
      index = below
    }
    heap[index] = entry
  }

  return {
    add: (time, item) => rise({ time, order: noted++, item }),
    take() {
      const [earliest] = heap
      const last = heap.pop()
      if (last && last !== earliest) sink(last)
      return earliest
    },
    next: () => heap[0]?.time,
    get size() {
      return heap.length
    },
  }
}
