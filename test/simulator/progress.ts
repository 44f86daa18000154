import { grouped } from '../../local/generator/tally.ts'
import { createStatusLine } from '../../verify/status-line.ts'

/** How many runs are done, and how many of them broke a promise. */
export type Counter = { show(runs: number, violations: number): void; clear(): void }

const elsewhereMs = 30_000

export function createCounter(stream: NodeJS.WriteStream, total: number): Counter {
  const started = performance.now()
  const line = createStatusLine(stream, elsewhereMs)
  return {
    show: (runs, violations) =>
      line.show(() => {
        const speed = Math.round((runs * 60_000) / Math.max(performance.now() - started, 1))
        return `${grouped(runs)} of ${grouped(total)} runs, ${grouped(speed)} a minute, ${violations} violations`
      }),
    clear: line.clear,
  }
}
