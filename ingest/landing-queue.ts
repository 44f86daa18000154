import type { Batch } from './batcher.ts'

/** Batches on their way: some being landed, the rest in line behind them. */
export type LandingQueue = {
  push(...batches: Batch[]): void
  /** Ends when every batch that was pushed has landed. */
  idle(): Promise<void>
}

/** Lands at most `concurrency` batches at a time; `land` rejects only when landing is given up. */
export function createLandingQueue(
  land: (batch: Batch) => Promise<void>,
  concurrency: number,
): LandingQueue {
  const line: Batch[] = []
  let landing = 0
  const idlers: (() => void)[] = []

  function next(): void {
    while (landing < concurrency) {
      const batch = line.shift()
      if (!batch) break
      landing++
      void finish(batch)
    }
    if (landing === 0) for (const resolve of idlers.splice(0)) resolve()
  }

  async function finish(batch: Batch): Promise<void> {
    await land(batch)
    landing--
    next()
  }

  return {
    push(...batches) {
      line.push(...batches)
      next()
    },
    idle: () =>
      new Promise((resolve) => {
        idlers.push(resolve)
        next()
      }),
  }
}
