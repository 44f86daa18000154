import { SingleBar } from 'cli-progress'
import { grouped } from './tally.ts'

export type Progress = {
  update(events: number): void
  stop(): void
}

/** A bar on a terminal, silence elsewhere. */
export function showProgress(stream: NodeJS.WriteStream, total: number): Progress {
  if (!stream.isTTY) return { update: () => {}, stop: () => {} }

  const format = '{bar} {percentage}% | {done} of {all} events | {speed}/s'
  const bar = new SingleBar({ stream, format, hideCursor: true, clearOnComplete: true })
  const started = performance.now()
  const payload = (events: number) => ({
    done: grouped(events),
    all: grouped(total),
    speed: grouped(Math.round((events * 1000) / Math.max(performance.now() - started, 1))),
  })
  bar.start(total, 0, payload(0))
  return {
    update: (events) => bar.update(events, payload(events)),
    stop: () => bar.stop(),
  }
}
