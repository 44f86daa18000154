import { localUser } from '../catalog/row-access.ts'
import type { Job } from './job.ts'

type Resource = Record<string, unknown>

/** The job as `jobs.get` answers it. */
export function jobResource(job: Job, origin: string): Resource {
  const { reference, configuration, kind, caller = localUser } = job
  const { projectId, jobId, location } = reference
  return {
    kind: 'bigquery#job',
    etag: etagOf(job),
    id: `${projectId}:${location}.${jobId}`,
    selfLink: `${origin}/bigquery/v2/projects/${projectId}/jobs/${jobId}?location=${location}`,
    user_email: caller,
    configuration: { ...configuration, jobType: kind.toUpperCase() },
    jobReference: reference,
    statistics: statisticsOf(job),
    status: statusOf(job),
    principal_subject: `user:${caller}`,
    jobCreationReason: { code: 'REQUESTED' },
  }
}

/** The job as `jobs.list` shows it; the full projection adds what was asked for. */
export function listedJob(job: Job, projection: 'minimal' | 'full'): Resource {
  const { reference, configuration, kind, errorResult, caller = localUser } = job
  const { projectId, jobId, location } = reference
  return {
    id: `${projectId}:${location}.${jobId}`,
    kind: 'bigquery#job',
    jobReference: reference,
    state: job.state,
    statistics: statisticsOf(job),
    ...(errorResult && { errorResult }),
    ...(projection === 'full' && {
      configuration: { ...configuration, jobType: kind.toUpperCase() },
      user_email: caller,
    }),
    status: statusOf(job),
  }
}

/** Changes whenever the job does: it has two states. */
export function etagOf({ reference, state }: Job): string {
  return Buffer.from(`${reference.jobId}/${state}`).toString('base64url')
}

function statisticsOf(job: Job): Resource {
  const { creationTime, endTime, statistics, parentJobId } = job
  return {
    creationTime: String(creationTime),
    startTime: String(creationTime),
    ...(endTime !== undefined && { endTime: String(endTime) }),
    ...statistics,
    ...(parentJobId !== undefined && { parentJobId }),
  }
}

function statusOf({ state, errorResult, errors }: Job): Resource {
  return {
    state,
    ...(errorResult && { errorResult }),
    ...(errors.length > 0 && { errors }),
  }
}
