import { setTimeout as sleep } from 'node:timers/promises'
import type { Job } from './job.ts'

/** Waits for the end of a job, no longer than this; says whether it is done. */
export async function waitForJob(job: Job, milliseconds: number): Promise<boolean> {
  const timeout = new AbortController()
  await Promise.race([
    job.finished,
    sleep(milliseconds, undefined, { signal: timeout.signal }).catch(() => {}),
  ])
  timeout.abort()
  return job.state === 'DONE'
}
