import { sleep } from './clock.ts'
import type { Health } from './health.ts'
import { createLoadStep } from './load-pending.ts'
import type { PendingLoader } from './pending-loader.ts'
import type { Loading } from './pending-files.ts'
import type { Reports } from './reports.ts'
import { retry } from './retry.ts'
import type { RowGate } from './row-gate.ts'

/** When rows go by load jobs instead of insertAll. */
export type LoadingOptions = {
  /** `load`: always. */
  mode: 'stream' | 'load'
  /** In `stream` mode they do when BigQuery has taken no rows for so long. */
  patienceMs: number
  everyMs: number
}

export type LoaderOptions = Loading &
  Pick<PendingLoader, 'table' | 'everyMs' | 'clock' | 'random' | 'log'> & {
    signal: AbortSignal
    health: Health
    reports: Reports
    gate: RowGate
  }

/** Brings pending files into `raw_events` until the signal ends it; what fails is tried again. */
export function startLoader({ signal, health, reports, gate, ...rest }: LoaderOptions): void {
  const { clock, random } = rest
  const loader: PendingLoader = {
    ...rest,
    persistFile: reports.persistently('Cloud Storage'),
    persistRows: reports.persistently('BigQuery'),
    persistJobs: reports.persistently('Load jobs'),
    onJobFailed: (reason) => health.failed('Load jobs', reason),
    onSettled: () => health.succeeded('Load jobs'),
    onLoaded: gate.loaded,
  }

  const step = createLoadStep(loader)
  async function run(): Promise<void> {
    while (!signal.aborted) {
      try {
        const waitMs = await retry(step, {
          clock,
          random,
          signal,
          onFailure: (error) => reports.failed('Load jobs', error),
          onSuccess: () => {},
        })
        // Instances that start together need not stay together.
        await sleep(clock, waitMs * (1 + random() / 10), signal)
      } catch (error) {
        if (!signal.aborted) throw error
      }
    }
  }
  void run()
}
