import type { DuckDBConnection } from '@duckdb/node-api'
import { BigQueryError } from '../bigquery-error.ts'
import { asBigQueryError } from '../as-bigquery-error.ts'
import { errorProto } from './error-proto.ts'
import { JobFailure } from './job-failure.ts'
import { createJobMemory } from './job-memory.ts'
import type {
  Job,
  JobConfiguration,
  JobContext,
  JobKind,
  JobOutcome,
  JobReference,
  JobWork,
} from './job.ts'

/** The jobs of all projects: those that run, and of those that ran as many as memory allows. */
export type JobStore = {
  /** Accepts a job and starts its work; an id that was used before is BigQuery's 409. */
  start(job: {
    reference: JobReference
    kind: JobKind
    configuration: JobConfiguration
    caller?: string | undefined
    work: JobWork
  }): Job
  /** Keeps a job that another one ran: a statement of a script. */
  keep(job: Job): void
  /** A job by its id, or BigQuery's 404. */
  get(projectId: string, jobId: string): Job
  find(projectId: string, jobId: string): Job | undefined
  /** All jobs of a project, newest first. */
  list(projectId: string): Job[]
  /** Removes a job's record, not what it did. */
  delete(job: Job): void
  /** To be called when a result is read, so that the results in use stay. */
  touch(job: Job): void
  /** Cancels what runs and waits for its end. */
  stop(): Promise<void>
}

/** BigQuery looks rarely: a job of three seconds is known to have outlived a limit of a millisecond. */
const rarely = 10_000

/** A store whose jobs run at once; `write` makes a job last in the transaction of its effect. */
export function createJobStore({
  now = Date.now,
  shortestTimeout = rarely,
  write,
}: {
  now?: () => number
  /** In milliseconds: no job ends earlier, whatever its `jobTimeoutMs` says. */
  shortestTimeout?: number
  write: (connection: DuckDBConnection, job: Job) => Promise<void>
}): JobStore {
  const memory = createJobMemory()

  async function run(job: Job, work: JobWork, signal: AbortSignal): Promise<void> {
    try {
      const noteDone: JobContext['noteDone'] = async (connection, outcome) =>
        await write(connection, { ...job, ...outcomeOf(outcome), endTime: now(), state: 'DONE' })
      Object.assign(job, outcomeOf(await work({ signal, noteDone })))
    } catch (error) {
      const known = asBigQueryError(signal.aborted ? signal.reason : error)
      job.errorResult = errorProto(known)
      job.errors = [job.errorResult, ...(known instanceof JobFailure ? known.details : [])]
    }
    job.endTime = now()
    job.state = 'DONE'
    job.cancel = () => {}
    if (job.result) memory.keepResult(job)
  }

  return {
    start({ reference, kind, configuration, caller, work }) {
      if (memory.find(reference)) {
        const { projectId, location, jobId } = reference
        throw new BigQueryError(
          'duplicate',
          `Already Exists: Job ${projectId}:${location}.${jobId}`,
        )
      }
      const controller = new AbortController()
      const job: Job = {
        reference,
        kind,
        configuration,
        ...(caller !== undefined && { caller }),
        state: 'RUNNING',
        creationTime: now(),
        errors: [],
        statistics: { [kind]: {} },
        finished: Promise.resolve(),
        cancel: () => controller.abort(cancelled()),
      }
      const timeout = abortLate(controller, configuration, shortestTimeout)
      memory.add(job)
      job.finished = run(job, work, controller.signal).finally(() => clearTimeout(timeout))
      return job
    },

    keep(job) {
      memory.add(job)
      if (job.result) memory.keepResult(job)
    },

    get(projectId, jobId) {
      const job = memory.find({ projectId, jobId })
      if (job) return job
      throw new BigQueryError('notFound', `Not found: Job ${projectId}:${jobId}`)
    },

    find: (projectId, jobId) => memory.find({ projectId, jobId }),

    list: (projectId) =>
      memory
        .all()
        .filter(({ reference }) => reference.projectId === projectId)
        .toReversed(),

    delete: memory.forget,
    touch: memory.touch,

    async stop() {
      const running = memory.all().filter(({ state }) => state === 'RUNNING')
      for (const job of running) job.cancel()
      await Promise.all(running.map(({ finished }) => finished))
    },
  }
}

function outcomeOf({ statistics, result, warnings = [] }: JobOutcome): Partial<Job> {
  return { statistics, errors: warnings, ...(result && { result }) }
}

/** A job may say how long it is to run at most. */
function abortLate(
  controller: AbortController,
  { jobTimeoutMs }: JobConfiguration,
  shortest: number,
): NodeJS.Timeout | undefined {
  const limit = Number(jobTimeoutMs ?? 0)
  if (!(limit > 0)) return undefined
  const message = `Job execution was cancelled: Job timed out after ${limit / 1000}s`
  const abort = () => controller.abort(new BigQueryError('stopped', message))
  return setTimeout(abort, Math.min(Math.max(limit, shortest), 2 ** 31 - 1))
}

function cancelled(): BigQueryError {
  return new BigQueryError('stopped', 'Job execution was cancelled: User requested cancellation')
}
