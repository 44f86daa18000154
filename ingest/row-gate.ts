import { createBreaker, type BreakerOptions } from './breaker.ts'
import type { Persist } from './land-file.ts'
import { RowsRefused } from './land-rows.ts'
import { reasonOf } from './log.ts'
import { retry, type RetryOptions } from './retry.ts'

/** Says of each batch whether its rows go to BigQuery now or wait in their file for a load. */
export type RowGate = {
  /** How to try rows, which ends in BreakerOpen when BigQuery is away; undefined: not at all. */
  admit(): Persist | undefined
  probeSoon(): void
  hurry(): void
  giveUp(reason: unknown): void
}

export type RowGateOptions = Omit<RetryOptions, 'signal'> &
  Omit<BreakerOptions, 'onOpen'> & {
    mode: 'stream' | 'load'
    /** The breaker opens, after an attempt that failed for this reason. */
    onOpen: (reason: string) => void
  }

export function createRowGate(options: RowGateOptions): RowGate {
  const { mode, clock, random, onFailure, onSuccess, onOpen } = options
  let reason = ''
  const breaker = createBreaker({ ...options, onOpen: () => onOpen(reason) })

  async function persist<T>(action: () => Promise<T>, signal: AbortSignal): Promise<T> {
    let startedAt = clock.now()
    const attempt = () => {
      startedAt = clock.now()
      return action()
    }
    return await retry(attempt, {
      clock,
      random,
      signal,
      onFailure(error, number) {
        reason = reasonOf(error)
        onFailure(error, number)
        if (error instanceof RowsRefused) breaker.succeeded()
        else breaker.failed(startedAt)
      },
      onSuccess() {
        onSuccess()
        breaker.succeeded()
      },
    })
  }

  return {
    admit() {
      const signal = mode === 'stream' ? breaker.admit() : undefined
      return signal && ((action) => persist(action, signal))
    },
    probeSoon: breaker.probeSoon,
    hurry: breaker.hurry,
    giveUp: breaker.giveUp,
  }
}
