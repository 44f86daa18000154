import { once } from 'node:events'
import { expect, test } from 'vitest'
import { createJobStore } from './job-store.ts'
import type { JobContext, JobOutcome } from './job.ts'

async function untilAborted({ signal }: JobContext): Promise<JobOutcome> {
  await once(signal, 'abort')
  throw signal.reason
}

const reference = { projectId: 'p', jobId: 'j', location: 'US' }

test('a job ends when its time is over, and says so', async () => {
  const jobs = createJobStore({ write: async () => {}, shortestTimeout: 0 })
  const configuration = { jobTimeoutMs: '20' }

  const job = jobs.start({ reference, kind: 'query', configuration, work: untilAborted })
  await job.finished

  expect(job).toMatchObject({
    state: 'DONE',
    errorResult: {
      reason: 'stopped',
      message: 'Job execution was cancelled: Job timed out after 0.02s',
    },
  })
})

test('a short limit ends no job that is soon done, as in BigQuery', async () => {
  const jobs = createJobStore({ write: async () => {} })

  const job = jobs.start({
    reference,
    kind: 'query',
    configuration: { jobTimeoutMs: '1' },
    async work() {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return { statistics: {} }
    },
  })
  await job.finished

  expect(job).toMatchObject({ state: 'DONE', errors: [] })
})
