import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { createJobLog, readJobs, writeJob } from './job-log.ts'
import type { Job } from './job.ts'

function jobOf(jobId: string): Job {
  return {
    reference: { projectId: 'p', jobId, location: 'US' },
    kind: 'load',
    configuration: { load: { sourceFormat: 'CSV' } },
    state: 'DONE',
    creationTime: 1,
    endTime: 2,
    errors: [],
    statistics: { load: { outputRows: '3' } },
    finished: Promise.resolve(),
    cancel: () => {},
  }
}

test('the last jobs are there again, and no more of them than are remembered', async () => {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run('CREATE SCHEMA _catalog')
  await createJobLog(connection)
  expect(await readJobs(connection)).toEqual([])
  for (const id of ['a', 'b', 'c', 'd']) await writeJob(connection, jobOf(id))

  const jobs = await readJobs(connection, 3)

  expect(jobs.map(({ reference }) => reference.jobId)).toEqual(['b', 'c', 'd'])
  expect(jobs.at(-1)).toMatchObject({ state: 'DONE', statistics: { load: { outputRows: '3' } } })
  instance.closeSync()
})
