import type { Clock } from './clock.ts'

/** Rows are no longer tried: their files are to be noted as pending instead. */
export class BreakerOpen extends Error {
  override name = 'BreakerOpen'
}

/** Whether rows go to BigQuery or wait in their files until it is back. */
export type Breaker = {
  /**
   * A signal that ends the attempts of one batch, or undefined if it should not try. While the
   * breaker is open one batch now and then may try, and closes it if BigQuery takes its rows.
   */
  admit(): AbortSignal | undefined
  isOpen(): boolean
  succeeded(): void
  /** An attempt that began at that time has failed. */
  failed(startedAt: number): void
  /** BigQuery has shown that it is back: the next batch may try at once. */
  probeSoon(): void
  /** From now on a single failure opens it, also one that was there before. */
  hurry(): void
  /** Ends all attempts for good. */
  giveUp(reason: unknown): void
}

export type BreakerOptions = {
  clock: Clock
  /** It opens when nothing has succeeded for so long. */
  patienceMs: number
  probeEveryMs: number
  onOpen: () => void
  onClose: () => void
}

export function createBreaker(options: BreakerOptions): Breaker {
  const { clock, probeEveryMs, onOpen, onClose } = options
  let { patienceMs } = options
  let state: 'closed' | 'open' | 'probing' = 'closed'
  let failingSince: number | undefined
  let probeAt = 0
  let attempts = new AbortController()

  function open(): void {
    if (state === 'closed') onOpen()
    state = 'open'
    probeAt = clock.elapsed() + probeEveryMs
    attempts.abort(new BreakerOpen('BigQuery is away for too long'))
  }

  return {
    admit() {
      if (state === 'probing' || (state === 'open' && clock.elapsed() < probeAt)) return undefined
      if (state === 'open') {
        state = 'probing'
        attempts = new AbortController()
      }
      return attempts.signal
    },
    isOpen: () => state !== 'closed',
    succeeded() {
      failingSince = undefined
      if (state === 'closed') return
      if (state === 'open') attempts = new AbortController()
      state = 'closed'
      onClose()
    },
    failed(startedAt) {
      failingSince ??= startedAt
      if (state === 'open') return
      // A probe that fails has been failing since before.
      if (clock.elapsed() - failingSince >= patienceMs) open()
    },
    probeSoon() {
      probeAt = clock.elapsed()
    },
    hurry() {
      patienceMs = 0
      if (failingSince !== undefined && state === 'closed') open()
    },
    giveUp: (reason) => attempts.abort(reason),
  }
}
