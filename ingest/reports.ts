import type { Clock } from './clock.ts'
import type { Dependency, Health } from './health.ts'
import type { Persist } from './land-file.ts'
import { reasonOf, type Log } from './log.ts'
import { retry } from './retry.ts'

/** Tells the health answer and the log how each dependency does. */
export type Reports = {
  failed(dependency: Dependency, error: unknown, attempt?: number): void
  succeeded(dependency: Dependency): void
  /** Repeats what asks something of the dependency until it succeeds, reporting each attempt. */
  persistently(dependency: Dependency): Persist
}

export function createReports({
  health,
  log,
  clock,
  random,
  signal,
}: {
  health: Health
  log: Log
  clock: Clock
  random: () => number
  /** Ends all attempts. */
  signal: AbortSignal
}): Reports {
  const reports: Reports = {
    failed(dependency, error, attempt) {
      const reason = reasonOf(error)
      health.failed(dependency, reason)
      log('WARNING', `${dependency} failed, trying again: ${reason}`, { dependency, attempt })
    },
    succeeded: (dependency) => health.succeeded(dependency),
    persistently: (dependency) => (action) =>
      retry(action, {
        clock,
        random,
        signal,
        onFailure: (error, attempt) => reports.failed(dependency, error, attempt),
        onSuccess: () => health.succeeded(dependency),
      }),
  }
  return reports
}
