import { sleep } from './clock.ts'
import { loadPending, type PendingLoader } from './load-pending.ts'
import { retry, type RetryOptions } from './retry.ts'

/** Brings pending files into `raw_events` until the signal ends it; what fails is tried again. */
export async function runLoader(
  loader: PendingLoader,
  options: Omit<RetryOptions, 'onSuccess'>,
): Promise<void> {
  const { clock, random, signal } = options
  while (!signal.aborted) {
    try {
      const waitMs = await retry(() => loadPending(loader), { ...options, onSuccess: () => {} })
      // Instances that start together need not stay together.
      await sleep(clock, waitMs * (1 + random() / 10), signal)
    } catch (error) {
      if (!signal.aborted) throw error
    }
  }
}
