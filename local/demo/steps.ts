import { styleText } from 'node:util'
import { CommandError } from '../command.ts'

export type Steps = {
  /** Runs a part of the work under its title; `tell` says how far it is, and at last what came of it. */
  run<T>(title: string, work: (tell: (detail: string) => void) => Promise<T>): Promise<T>
  /** Titles and milliseconds of all that is done. */
  times(): { title: string; ms: number }[]
}

/** One line a step: on a terminal it changes while the step runs, elsewhere it is written at the end. */
export function createSteps(stream: NodeJS.WriteStream): Steps {
  const done: { title: string; ms: number }[] = []

  function show(mark: string, title: string, detail: string, end: string): void {
    const room = (stream.columns ?? 120) - title.length - 4
    const rest = detail
      ? `  ${styleText('dim', detail.slice(0, Math.max(room, 0)), { stream })}`
      : ''
    stream.write(`${stream.isTTY ? '\r\x1b[K' : ''}${mark} ${title}${rest}${end}`)
  }

  return {
    async run(title, work) {
      const started = performance.now()
      let detail = ''
      if (stream.isTTY) show('…', title, detail, '')
      try {
        const result = await work((text) => {
          detail = text
          if (stream.isTTY) show('…', title, detail, '')
        })
        const ms = performance.now() - started
        done.push({ title, ms })
        const time = `${(ms / 1000).toFixed(1)} s`
        show(styleText('green', '✓', { stream }), title, detail ? `${detail}, ${time}` : time, '\n')
        return result
      } catch (error) {
        show(styleText('red', '✗', { stream }), title, detail, '\n')
        throw asFailure(title, error)
      }
    },
    times: () => done,
  }
}

/** Whoever watches wants to know what failed and why, not where in the code. */
function asFailure(title: string, cause: unknown): CommandError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new CommandError(`${title}: ${reason}`, { cause })
}
