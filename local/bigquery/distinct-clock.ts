/**
 * Milliseconds since the epoch, a microsecond more at each look at least: what happens one after the
 * other never has the same time.
 */
export function createDistinctClock(now: () => number = Date.now): () => number {
  let last = 0
  return () => (last = Math.max(now(), last + 0.001))
}
