import { styleText } from 'node:util'
import { CommandError } from '../../command/command.ts'

/** As much of standard output as a step needs. */
export type Screen = { isTTY?: boolean; columns?: number; write(text: string): unknown }

export type Steps = {
  /** Runs a part of the work under its title; `tell` says how far it is, and at last what came of it. */
  run<T>(title: string, work: (tell: (detail: string) => void) => Promise<T>): Promise<T>
}

/** One line a step: on a terminal it changes while the step runs, elsewhere it is written at the end. */
export function createSteps(screen: Screen): Steps {
  const paint = (style: 'dim' | 'green' | 'red', text: string) =>
    screen.isTTY ? styleText(style, text, { validateStream: false }) : text

  function show(mark: string, title: string, detail: string, end: string): void {
    // A terminal that does not know its width says 0.
    const room = (screen.columns || 120) - title.length - 4
    const rest = detail ? `  ${paint('dim', detail.slice(0, Math.max(room, 0)))}` : ''
    screen.write(`${screen.isTTY ? '\r\x1b[K' : ''}${mark} ${title}${rest}${end}`)
  }

  return {
    async run(title, work) {
      const started = performance.now()
      let detail = ''
      if (screen.isTTY) show('…', title, detail, '')
      try {
        const result = await work((text) => {
          detail = text
          if (screen.isTTY) show('…', title, detail, '')
        })
        const time = `${((performance.now() - started) / 1000).toFixed(1)} s`
        show(paint('green', '✓'), title, detail ? `${detail}, ${time}` : time, '\n')
        return result
      } catch (error) {
        show(paint('red', '✗'), title, detail, '\n')
        throw asFailure(title, error)
      }
    },
  }
}

/** Whoever watches wants to know what failed and why, not where in the code. */
function asFailure(title: string, cause: unknown): CommandError {
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new CommandError(`${title}: ${reason}`, { cause })
}
