import { setTimeout } from 'node:timers/promises'
import type { Child } from '../../local/demo/start-child.ts'

/** An exit code, or the signal that ended it. */
export type End = number | NodeJS.Signals

/** A process that is started again whenever it ends, as Cloud Run does it. */
export type Supervised = {
  /** Waits until it works; rejects where it does not come up. */
  untilUp(): Promise<void>
  /** Ends it by a signal, starts it again after a while, and answers how it ended. */
  hit(signal: NodeJS.Signals, downMs: number): Promise<End>
  /** Ends it for good and answers how it ended. */
  stop(signal: NodeJS.Signals): Promise<End>
  /** How often it was started so far. */
  lives(): number
  /** Each end that nobody had asked for, with the end of its log. */
  unasked: string[]
}

export type Launch = {
  /** `life` counts from 1, so that each has a log of its own. */
  start(life: number): Child
  isUp(log: string): boolean
}

const restartMs = 500
const pollMs = 50
const patienceMs = 60_000

export function supervise(name: string, { start, isUp }: Launch): Supervised {
  const unasked: string[] = []
  let life = 0
  let isWanted = true
  let child = launch()

  function launch(): Child {
    const started = start(++life)
    started.failure.catch(async (error: Error) => {
      unasked.push(error.message)
      await setTimeout(restartMs)
      if (isWanted && child === started) child = launch()
    })
    return started
  }

  async function untilUp(): Promise<void> {
    for (const since = performance.now(); performance.now() - since < patienceMs;) {
      if (isUp(await child.log())) return
      await setTimeout(pollMs)
    }
    throw new Error(`${name} is not up after a minute: ${unasked.at(-1) ?? (await child.log())}`)
  }

  return {
    lives: () => life,
    unasked,
    untilUp,
    async hit(signal, downMs) {
      await untilUp()
      const end = await child.stop(signal)
      await setTimeout(downMs)
      child = launch()
      await untilUp()
      return end
    },
    async stop(signal) {
      isWanted = false
      return await child.stop(signal)
    },
  }
}
