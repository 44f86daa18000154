import { grouped } from '../../local/generator/tally.ts'

/** A line that is written again and again on a terminal, and every half minute elsewhere. */
export type Counter = { show(runs: number, violations: number): void; clear(): void }

const onTerminalMs = 200
const elsewhereMs = 30_000

export function createCounter(stream: NodeJS.WriteStream, total: number): Counter {
  const started = performance.now()
  let shown = started
  return {
    show(runs, violations) {
      const now = performance.now()
      if (now - shown < (stream.isTTY ? onTerminalMs : elsewhereMs)) return
      shown = now
      const speed = Math.round((runs * 60_000) / Math.max(now - started, 1))
      const text = `${grouped(runs)} of ${grouped(total)} runs, ${grouped(speed)} a minute, ${violations} violations`
      stream.write(stream.isTTY ? `\r\x1b[K${text}` : `${text}\n`)
    },
    clear() {
      if (stream.isTTY) stream.write('\r\x1b[K')
    },
  }
}
