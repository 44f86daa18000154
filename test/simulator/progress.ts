import { grouped } from '../../local/generator/tally.ts'

/** A line that is written again and again on a terminal, silence elsewhere. */
export type Counter = { show(runs: number, violations: number): void; clear(): void }

const everyMs = 200

export function createCounter(stream: NodeJS.WriteStream, total: number): Counter {
  const started = performance.now()
  let shown = 0
  return {
    show(runs, violations) {
      const now = performance.now()
      if (!stream.isTTY || now - shown < everyMs) return
      shown = now
      const speed = Math.round((runs * 60_000) / Math.max(now - started, 1))
      stream.write(
        `\r\x1b[K${grouped(runs)} of ${grouped(total)} runs, ${grouped(speed)} a minute, ${violations} violations`,
      )
    },
    clear() {
      if (stream.isTTY) stream.write('\r\x1b[K')
    },
  }
}
