import type { Job, JobReference } from './job.ts'

/** The jobs that are remembered, and the results of the last ones: whichever limit is met first. */
export type JobMemory = {
  /** Remembers a job, for which old ones that are done may be forgotten. */
  add(job: Job): void
  /** To be called when a job has its result, for which older results may be dropped. */
  keepResult(job: Job): void
  /** To be called when a result is read, so that the results in use stay. */
  touch(job: Job): void
  find(reference: Pick<JobReference, 'projectId' | 'jobId'>): Job | undefined
  /** All jobs, oldest first. */
  all(): Job[]
  forget(job: Job): void
}

export type MemoryLimits = { jobs: number; jobBytes: number; results: number; resultBytes: number }

/** A server that runs for weeks must not grow for weeks. */
const defaultLimits = {
  jobs: 10_000,
  jobBytes: 64 * 2 ** 20,
  results: 200,
  resultBytes: 512 * 2 ** 20,
}

export function createJobMemory(limits: MemoryLimits = defaultLimits): JobMemory {
  const jobs = new Map<string, Job>()
  const sizes = new Map<Job, number>()
  let jobBytes = 0
  // In the order in which they were last read: a Set keeps the order of insertion.
  const results = new Set<Job>()
  let resultBytes = 0

  function dropResult(job: Job): void {
    if (!results.delete(job)) return
    resultBytes -= job.result?.rows?.bytes ?? 0
    delete job.result
  }

  function forget(job: Job): void {
    dropResult(job)
    jobs.delete(keyOf(job.reference))
    jobBytes -= sizes.get(job) ?? 0
    sizes.delete(job)
  }

  return {
    add(job) {
      const size = sizeOf(job)
      jobs.set(keyOf(job.reference), job)
      sizes.set(job, size)
      jobBytes += size
      for (const oldest of jobs.values()) {
        if (jobs.size <= limits.jobs && jobBytes <= limits.jobBytes) return
        if (oldest.state === 'DONE' && oldest !== job) forget(oldest)
      }
    },

    keepResult(job) {
      results.add(job)
      resultBytes += job.result?.rows?.bytes ?? 0
      for (const oldest of results) {
        if (results.size <= limits.results && resultBytes <= limits.resultBytes) return
        // The newest result stays, however large: somebody is about to read it.
        if (oldest !== job) dropResult(oldest)
      }
    },

    touch(job) {
      if (results.delete(job)) results.add(job)
    },

    find: (reference) => jobs.get(keyOf(reference)),
    all: () => [...jobs.values()],
    forget,
  }
}

/** About as much memory as a job takes without its result: most of it is the text of the query. */
function sizeOf({ configuration }: Job): number {
  return 2_000 + 2 * JSON.stringify(configuration).length
}

function keyOf({ projectId, jobId }: Pick<JobReference, 'projectId' | 'jobId'>): string {
  return `${projectId}:${jobId}`
}
