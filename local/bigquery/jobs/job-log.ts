import type { DuckDBConnection } from '@duckdb/node-api'
import type { Job } from './job.ts'

/** Makes the place where done jobs are written down, beside the tables that they changed. */
export async function createJobLog(connection: DuckDBConnection): Promise<void> {
  await connection.run('CREATE TABLE IF NOT EXISTS _catalog.jobs (id VARCHAR, body VARCHAR)')
}

export async function writeJob(connection: DuckDBConnection, job: Job): Promise<void> {
  const { reference, kind, configuration, creationTime, endTime, errors, statistics } = job
  const body = { reference, kind, configuration, creationTime, endTime, errors, statistics }
  const id = `${reference.projectId}:${reference.jobId}`
  await connection.run('INSERT INTO _catalog.jobs VALUES ($1, $2)', [id, JSON.stringify(body)])
}

/** The last jobs of earlier runs, oldest first; older ones are forgotten. */
export async function readJobs(connection: DuckDBConnection, most = 10_000): Promise<Job[]> {
  await connection.run(
    `DELETE FROM _catalog.jobs WHERE rowid <= (SELECT max(rowid) - ${most} FROM _catalog.jobs)`,
  )
  const reader = await connection.runAndReadAll('SELECT body FROM _catalog.jobs')
  return reader.getRows().map(([body]) => ({
    ...(JSON.parse(String(body)) as Omit<Job, 'state' | 'finished' | 'cancel'>),
    state: 'DONE' as const,
    finished: Promise.resolve(),
    cancel: () => {},
  }))
}
