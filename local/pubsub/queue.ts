/** First in, first out; unlike `Array.shift` the cost of taking does not grow with the length. */
export type Queue<T> = { items: (T | undefined)[]; head: number }

export function createQueue<T>(items: T[] = []): Queue<T> {
  return { items, head: 0 }
}

export function push<T>(queue: Queue<T>, item: T): void {
  queue.items.push(item)
}

export function peek<T>(queue: Queue<T>): T | undefined {
  return queue.items[queue.head]
}

export function shift<T>(queue: Queue<T>): T | undefined {
  const { items, head } = queue
  if (head === items.length) return undefined

  const item = items[head]
  // What was taken must not be kept from the garbage collector.
  items[head] = undefined
  queue.head++
  if (queue.head > 1_024 && queue.head * 2 > items.length) {
    queue.items = items.slice(queue.head)
    queue.head = 0
  }
  return item
}

/** What waits, in order. */
export function waiting<T>(queue: Queue<T>): T[] {
  return queue.items.slice(queue.head) as T[]
}
