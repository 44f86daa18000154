import { sleep, type Clock } from './clock.ts'

/** What a retry needs from outside; `random` gives numbers in [0, 1). */
export type RetryOptions = {
  clock: Clock
  random: () => number
  signal: AbortSignal
  onFailure: (error: unknown, attempt: number) => void
  onSuccess: () => void
}

const firstDelayMs = 100
const longestDelayMs = 30_000

/** How long to wait after failure number `attempt` (from 1): doubling, half of it by chance. */
export function backOffMs(attempt: number, random: () => number): number {
  const limit = Math.min(longestDelayMs, firstDelayMs * 2 ** (attempt - 1))
  return limit / 2 + (random() * limit) / 2
}

/** Repeats `action` until it succeeds; only the signal ends it otherwise, with its reason. */
export async function retry<T>(action: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { clock, random, signal, onFailure, onSuccess } = options
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted()
    try {
      const result = await action()
      onSuccess()
      return result
    } catch (error) {
      onFailure(error, attempt)
    }
    await sleep(clock, backOffMs(attempt, random), signal)
  }
}
