import { expect, test } from 'vitest'
import type { Job } from './job.ts'
import { createJobMemory, type JobMemory } from './job-memory.ts'

function jobOf(jobId: string, { state = 'DONE', query = '', bytes = 0 } = {}): Job {
  return {
    reference: { projectId: 'p', jobId, location: 'US' },
    kind: 'query',
    configuration: { query: { query } },
    state: state === 'DONE' ? 'DONE' : 'RUNNING',
    creationTime: 0,
    errors: [],
    statistics: {},
    result: {
      statementType: 'SELECT',
      sql: query,
      rows: { count: 1, bytes, read: () => [] },
      totalBytesProcessed: 0n,
      referencedTables: [],
    },
    finished: Promise.resolve(),
    cancel: () => {},
  }
}

const unlimited = { jobs: 100, jobBytes: 1e9, results: 100, resultBytes: 1e9 }

function keep(memory: JobMemory, ...jobs: Job[]): void {
  for (const job of jobs) {
    memory.add(job)
    memory.keepResult(job)
  }
}

function idsOf(memory: JobMemory): string[] {
  return memory.all().map(({ reference }) => reference.jobId)
}

function withResults(memory: JobMemory): string[] {
  const jobs = memory.all().filter(({ result }) => result)
  return jobs.map(({ reference }) => reference.jobId)
}

test('the oldest jobs that are done make room for a new one', () => {
  const memory = createJobMemory({ ...unlimited, jobs: 2 })

  keep(memory, jobOf('runs', { state: 'RUNNING' }), jobOf('old'), jobOf('new'))

  expect(idsOf(memory)).toEqual(['runs', 'new'])
})

test('few jobs are remembered where their texts are long', () => {
  const memory = createJobMemory({ ...unlimited, jobBytes: 100_000 })
  const query = 'x'.repeat(20_000)

  keep(memory, ...['a', 'b', 'c', 'd'].map((id) => jobOf(id, { query })))

  expect(idsOf(memory)).toEqual(['c', 'd'])
})

test('a large result takes the place of older ones, of which those in use stay longest', () => {
  const memory = createJobMemory({ ...unlimited, resultBytes: 100 })
  const [first, second, third] = ['first', 'second', 'third'].map((id) => jobOf(id, { bytes: 40 }))
  if (!first || !second || !third) throw new Error('three jobs')
  keep(memory, first, second)

  memory.touch(first)
  keep(memory, third)

  expect(withResults(memory)).toEqual(['first', 'third'])
  keep(memory, jobOf('huge', { bytes: 1000 }))
  expect(withResults(memory)).toEqual(['huge'])
  expect(idsOf(memory)).toEqual(['first', 'second', 'third', 'huge'])
})
