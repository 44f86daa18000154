/**
 * Milliseconds since the epoch, a microsecond more at each look at least: what happens one after the
 * other never has the same time.
 */
export function createDistinctClock(now: () => number = Date.now): () => number {
  let micros = 0
  return () => {
    micros = Math.max(Math.floor(now() * 1000), micros + 1)
    return micros / 1000
  }
}
