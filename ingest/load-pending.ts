import type { Clock } from './clock.ts'
import { landByRows } from './land-by-rows.ts'
import { jobIdOf, readLedger, splitLoad, type Load, type LoadLedger } from './load-ledger.ts'
import type { LoadJob } from './pending-files.ts'
import type { PendingLoader } from './pending-loader.ts'

/** BigQuery takes at most so many files a job. */
const mostFiles = 10_000
const pollMs = 2_000
/** Doubles with each job that fails for a reason that may pass; failed jobs count, too. */
const firstRestMs = 2_500
/** Who claimed a file and does not renew its claim for so long is taken for dead. */
const claimMs = 300_000
/** How often others look whether a claim is renewed. Who looks away for longer begins anew. */
const lookMs = 30_000
const notesAtATime = 16

/**
 * Makes the function that does one step of bringing the pending files into `raw_events` and answers
 * after how many milliseconds to do the next. Any number of instances may do so at once, and any of
 * them may end at any moment: what is next stands in the ledger, and a job has one id whoever starts it.
 */
export function createLoadStep(loader: PendingLoader): () => Promise<number> {
  const { ledger, jobs, persistFile, persistJobs, random, log } = loader
  const self = random().toString(36).slice(2)
  const unchangedMsOf = watchVersions(loader.clock)

  return async () => {
    const read = await persistFile(() => ledger.read())
    let { version } = read
    const state = readLedger(read.text)
    const unchangedMs = unchangedMsOf(version)
    const [load, ...others] = state.loads
    if (!load) {
      loader.onSettled()
      return await openLoad(loader, state, version)
    }
    if (load.byRows) return await loadByRows(load)

    const restMs = load.attempt === 1 ? 0 : firstRestMs * 2 ** load.attempt
    const leftMs = Math.min(loader.everyMs, restMs) - unchangedMs
    if (leftMs > 0) return leftMs
    const jobId = jobIdOf(load, jobs.route)
    const job = await persistJobs(() => jobs.run(jobId, load.files))
    if (job.state === 'running') return pollMs
    const facts = { job_id: jobId, files: load.files.length }
    if (job.state === 'done') {
      log('INFO', 'pending files loaded', { ...facts, rows: job.rows })
      return await close(load)
    }
    const reason = `${job.reason}: ${job.message}`
    log('WARNING', `the load job failed: ${reason}`, { ...facts, attempt: load.attempt })
    loader.onJobFailed(reason)
    await put(
      isAboutFiles(job)
        ? splitLoad(load, job.objectNames)
        : [{ ...load, attempt: load.attempt + 1 }],
    )
    return 0

    /** Puts these in the place of the load; false if another instance was faster, which is as good. */
    async function put(first: Load[]): Promise<boolean> {
      const next: LoadLedger = { openedAt: state.openedAt, loads: [...first, ...others] }
      const newer = await persistFile(() => ledger.replace(JSON.stringify(next), version))
      if (newer) version = newer
      return newer !== undefined
    }

    /** Whether a claim was made, or its answer lost, is seen by the step after this. */
    async function loadByRows(one: Load): Promise<number> {
      const { claim } = one
      if (claim?.by !== self) {
        if (claim && unchangedMs < claimMs) return Math.min(lookMs, claimMs - unchangedMs)
        await put([{ ...one, claim: { by: self, renewals: 0 } }])
        return 0
      }
      const isStillOurs = await landByRows(loader, one.files, (renewals) => renew(one, renewals))
      return isStillOurs ? await close(one) : 0
    }

    async function renew(one: Load, renewals: number): Promise<boolean> {
      if (await put([{ ...one, claim: { by: self, renewals } }])) return true
      const now = await persistFile(() => ledger.read())
      version = now.version
      return readLedger(now.text).loads[0]?.claim?.by === self
    }

    /** The notes go first: as long as the load stands in the ledger nobody takes its files anew. */
    async function close({ files }: Load): Promise<number> {
      loader.onSettled()
      loader.onLoaded()
      await removeNotes(loader, files)
      await put([])
      return 0
    }
  }
}

/**
 * How long the ledger has stood as it is, by the clock of this instance and as far as it has kept
 * looking: instances may disagree about the time, and who could not look may have missed nothing.
 */
function watchVersions(clock: Clock): (version: string) => number {
  let seen: string | undefined
  let since = 0
  let lookedAt = 0
  return (version) => {
    const now = clock.elapsed()
    if (version !== seen || now - lookedAt > 4 * lookMs) since = now
    seen = version
    lookedAt = now
    return now - since
  }
}

async function openLoad(
  loader: PendingLoader,
  { openedAt }: LoadLedger,
  version: string,
): Promise<number> {
  const { ledger, notes, persistFile, everyMs, clock, log } = loader
  const passedMs = clock.now() - openedAt
  // The clock of the instance that opened the last one may be ahead; then its time says nothing.
  if (passedMs >= 0 && passedMs < everyMs) return everyMs - passedMs
  const files = await persistFile(() => notes.list(mostFiles))
  if (files.length === 0) {
    loader.onLoaded()
    return everyMs
  }

  const state: LoadLedger = { openedAt: clock.now(), loads: [{ files, attempt: 1 }] }
  const isOurs = await persistFile(() => ledger.replace(JSON.stringify(state), version))
  if (isOurs) log('INFO', 'loading pending files', { files: files.length })
  return 0
}

async function removeNotes(
  { notes, persistFile }: PendingLoader,
  files: readonly string[],
): Promise<void> {
  for (let from = 0; from < files.length; from += notesAtATime) {
    const some = files.slice(from, from + notesAtATime)
    await Promise.all(some.map((file) => persistFile(() => notes.remove(file))))
  }
}

/** Otherwise the same files may well load later. */
function isAboutFiles({ reason, message }: LoadJob & { state: 'failed' }): boolean {
  return reason === 'invalid' || (reason === 'notFound' && message.includes('URI'))
}
