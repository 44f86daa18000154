import { createBreaker } from './breaker.ts'
import type { Clock } from './clock.ts'
import type { Health } from './health.ts'
import type { Persist } from './land-file.ts'
import { RowsRefused } from './land-rows.ts'
import { reasonOf, type Log } from './log.ts'
import type { Reports } from './reports.ts'
import { retry } from './retry.ts'

/** Says of each batch whether its rows go to BigQuery now or wait in their file for a load. */
export type RowGate = {
  /** How to try rows, which ends in BreakerOpen when BigQuery is away; undefined: not at all. */
  admit(): Persist | undefined
  /** Rows that waited have come in: BigQuery seems to be back. */
  loaded(): void
  hurry(): void
  giveUp(reason: unknown): void
}

export type RowGateOptions = {
  mode: 'stream' | 'load'
  patienceMs: number
  clock: Clock
  random: () => number
  log: Log
  health: Health
  reports: Reports
}

/** How often one batch tries whether BigQuery is back. */
const probeEveryMs = 30_000

export function createRowGate(options: RowGateOptions): RowGate {
  const { mode, patienceMs, clock, random, log, health, reports } = options
  let reason = ''
  const tellOfWaiting = () => health.failed('BigQuery', `${reason}; rows wait in their files`)
  const breaker = createBreaker({
    clock,
    patienceMs,
    probeEveryMs,
    onOpen() {
      tellOfWaiting()
      log('WARNING', 'BigQuery is away: rows wait in their files and will be loaded', { reason })
    },
    onClose: () => log('INFO', 'BigQuery is back: rows are sent again'),
  })

  async function persist<T>(action: () => Promise<T>, signal: AbortSignal): Promise<T> {
    let startedAt = clock.elapsed()
    const attempt = () => {
      startedAt = clock.elapsed()
      return action()
    }
    return await retry(attempt, {
      clock,
      random,
      signal,
      onFailure(error, number) {
        reason = reasonOf(error)
        reports.failed('BigQuery', error, number)
        if (error instanceof RowsRefused) {
          breaker.succeeded()
          // The rows that it refused are not sent again: a load brings them.
          if (signal.aborted) reports.succeeded('BigQuery')
        } else breaker.failed(startedAt)
        if (breaker.isOpen()) tellOfWaiting()
      },
      onSuccess() {
        reports.succeeded('BigQuery')
        breaker.succeeded()
      },
    })
  }

  return {
    admit() {
      const signal = mode === 'stream' ? breaker.admit() : undefined
      return signal && ((action) => persist(action, signal))
    },
    loaded() {
      if (!breaker.isOpen()) return
      health.succeeded('BigQuery')
      breaker.probeSoon()
    },
    hurry: breaker.hurry,
    giveUp: breaker.giveUp,
  }
}
