import type { Batch } from './batcher.ts'
import type { Event } from './event.ts'

/** Batches on their way: some being landed, the rest in line behind them. */
export type LandingQueue = {
  push(...batches: Batch[]): void
  /** The events of all batches that have not landed. */
  events(): Iterable<Event>
  /** Ends when every batch that was pushed has landed. */
  idle(): Promise<void>
}

/** Lands at most `concurrency` batches at a time; `land` rejects only when landing is given up. */
export function createLandingQueue(
  land: (batch: Batch) => Promise<void>,
  concurrency: number,
): LandingQueue {
  const line: Batch[] = []
  const landing = new Set<Batch>()
  const idlers: (() => void)[] = []

  function next(): void {
    while (landing.size < concurrency) {
      const batch = line.shift()
      if (!batch) break
      landing.add(batch)
      void finish(batch)
    }
    if (landing.size === 0) for (const resolve of idlers.splice(0)) resolve()
  }

  async function finish(batch: Batch): Promise<void> {
    await land(batch)
    landing.delete(batch)
    next()
  }

  return {
    push(...batches) {
      line.push(...batches)
      next()
    },
    *events() {
      for (const batch of landing) yield* batch.events
      for (const batch of line) yield* batch.events
    },
    idle: () =>
      new Promise((resolve) => {
        idlers.push(resolve)
        next()
      }),
  }
}
