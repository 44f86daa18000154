import type { Job } from './job.ts'

// Node takes a longer time for none at all.
const longest = 2 ** 31 - 1

/** Waits for the end of a job, no longer than this; says whether it is done. */
export async function waitForJob(job: Job, milliseconds: number): Promise<boolean> {
  const { promise: timeIsUp, resolve } = Promise.withResolvers<void>()
  const timeout = setTimeout(resolve, Math.min(milliseconds, longest))
  await Promise.race([job.finished, timeIsUp])
  clearTimeout(timeout)
  return job.state === 'DONE'
}
