import type { DuckDBConnection } from '@duckdb/node-api'
import type { ErrorProto } from './error-proto.ts'
import type { QueryResult, ScriptResult } from '../sql/sql-engine.ts'

export type JobReference = { projectId: string; jobId: string; location: string }

export type JobKind = 'query' | 'load' | 'copy' | 'extract'

/** As the client sent it, with the defaults that BigQuery shows filled in. */
export type JobConfiguration = {
  dryRun?: boolean
  labels?: Record<string, string>
  jobTimeoutMs?: string
} & { [Kind in JobKind]?: Record<string, unknown> }

/** A job from its acceptance on; whoever runs it changes it, everybody else reads. */
export type Job = {
  reference: JobReference
  kind: JobKind
  configuration: JobConfiguration
  /** The e-mail address of whoever asked for it; absent: `localUser`. */
  caller?: string
  state: 'RUNNING' | 'DONE'
  /** Milliseconds since the epoch, as all times here. */
  creationTime: number
  endTime?: number
  /** Why it failed. */
  errorResult?: ErrorProto
  /** The failure, or what went wrong without failing the job. */
  errors: ErrorProto[]
  statistics: JobStatistics
  /** Of a query, until newer results take its place. */
  result?: QueryResult
  /** The script that ran this statement. */
  parentJobId?: string
  /** Resolves when the job is done, failed or not. */
  finished: Promise<void>
  cancel(): void
}

/** What `statistics` shows besides times: figures of the kind stand under the kind's name. */
export type JobStatistics = {
  totalBytesProcessed?: string
  numChildJobs?: string
  totalSlotMs?: string
  scriptStatistics?: Pick<ScriptResult, 'evaluationKind' | 'stackFrames'>
  finalExecutionDurationMs?: string
} & { [Kind in JobKind]?: Record<string, unknown> }

export type JobOutcome = {
  statistics: JobStatistics
  result?: QueryResult
  /** Faults that did not fail the job: rows that a load skipped. */
  warnings?: ErrorProto[]
}

export type JobContext = {
  signal: AbortSignal
  /**
   * Writes the job down as done, in the transaction that holds what it did: after a crash its id is
   * known if, and only if, its effect is there.
   */
  noteDone(connection: DuckDBConnection, outcome: JobOutcome): Promise<void>
}

/** What a job does. Throws a BigQueryError for what fails it. */
export type JobWork = (context: JobContext) => Promise<JobOutcome>
