import type { Clock } from './clock.ts'
import { decodeLine } from './decode-line.ts'
import type { Persist } from './land-file.ts'
import { landRows, type RowTable } from './land-rows.ts'
import { jobIdOf, readLedger, splitLoad, type Load, type LoadLedger } from './load-ledger.ts'
import type { Log } from './log.ts'
import type { Loading, LoadJob } from './pending-files.ts'

/** What loading asks patience of, by the service that may fail. */
export type Patience = { persistFile: Persist; persistRows: Persist; persistJobs: Persist }

export type PendingLoader = Loading &
  Patience & {
    table: RowTable
    /** A new set of files is taken no sooner than this after the last. */
    everyMs: number
    clock: Clock
    log: Log
    /** A job failed; whether its files can be loaded is not known. */
    onJobFailed: (reason: string) => void
    /** No load is open, or one has just ended well. */
    onSettled: (isLoaded: boolean) => void
  }

/** BigQuery takes at most so many files a job. */
const mostFiles = 10_000
const pollMs = 2_000
/** Doubles with each job that fails for a reason that may pass; failed jobs count, too. */
const firstRestMs = 2_500
/** Who claimed a file and has not landed its rows in this time is taken for dead. */
const claimMs = 300_000
const notesAtATime = 16

/**
 * Does one step of bringing the pending files into `raw_events` and answers after how many
 * milliseconds to do the next. Any number of instances may do so at once, and any of them may end
 * at any moment: what is next stands in the ledger, and a job has one id whoever starts it.
 */
export async function loadPending(loader: PendingLoader): Promise<number> {
  const { ledger, jobs, persistFile, persistJobs, clock, log } = loader
  const read = await persistFile(() => ledger.read())
  let { version } = read
  const state = readLedger(read.text)
  const [load, ...others] = state.loads
  if (!load) {
    loader.onSettled(false)
    return await openLoad(loader, state, version)
  }

  /** Puts these in the place of the load; false if another instance was faster, which is as good. */
  async function put(first: Load[]): Promise<boolean> {
    const next: LoadLedger = { openedAt: state.openedAt, loads: [...first, ...others] }
    const newer = await persistFile(() => ledger.replace(JSON.stringify(next), version))
    if (newer) version = newer
    return newer !== undefined
  }

  if (load.byRows) {
    const claimedMs = clock.now() - (load.claimedAt ?? 0)
    if (claimedMs < claimMs) return claimMs - claimedMs
    if (!(await put([{ ...load, claimedAt: clock.now() }]))) return 0
    for (const file of load.files) await landByRows(loader, file)
    return await close()
  }
  const restMs = remainingMs(
    loader,
    load.failedAt,
    Math.min(loader.everyMs, firstRestMs * 2 ** load.attempt),
  )
  if (restMs > 0) return restMs
  const jobId = jobIdOf(load, jobs.route)
  const job = await persistJobs(() => jobs.run(jobId, load.files))
  if (job.state === 'running') return pollMs
  const facts = { job_id: jobId, files: load.files.length }
  if (job.state === 'done') {
    log('INFO', 'pending files loaded', { ...facts, rows: job.rows })
    return await close()
  }
  const { reason, message } = job
  log('WARNING', `the load job failed: ${reason}: ${message}`, { ...facts, attempt: load.attempt })
  loader.onJobFailed(`${reason}: ${message}`)
  if (isAboutFiles(job)) {
    await put(splitLoad(load, job.objectNames))
    return 0
  }
  await put([{ ...load, attempt: load.attempt + 1, failedAt: clock.now() }])
  return 0

  /** The notes go first: as long as the load stands in the ledger nobody takes its files anew. */
  async function close(): Promise<number> {
    loader.onSettled(true)
    await removeNotes(loader, load?.files ?? [])
    await put([])
    return 0
  }
}

async function openLoad(
  loader: PendingLoader,
  { openedAt }: LoadLedger,
  version: string,
): Promise<number> {
  const { ledger, notes, persistFile, everyMs, clock, log } = loader
  const restMs = remainingMs(loader, openedAt, everyMs)
  if (restMs > 0) return restMs
  const files = await persistFile(() => notes.list(mostFiles))
  if (files.length === 0) return everyMs

  const state: LoadLedger = { openedAt: clock.now(), loads: [{ files, attempt: 1 }] }
  const isOurs = await persistFile(() => ledger.replace(JSON.stringify(state), version))
  if (isOurs) log('INFO', 'loading pending files', { files: files.length })
  return 0
}

/** What is left of a rest that began then. */
function remainingMs({ clock }: PendingLoader, since: number | undefined, restMs: number): number {
  const passed = clock.now() - (since ?? 0)
  // The clock of the instance that rested first may be ahead; then its time says nothing.
  return passed < 0 ? 0 : Math.max(0, restMs - passed)
}

/** For a file that BigQuery does not load: insertAll takes its rows one by one, bad ones as bytes. */
async function landByRows(loader: PendingLoader, objectName: string): Promise<void> {
  const { readFile, persistFile, persistRows, table, log } = loader
  const content = await persistFile(() => readFile(objectName))
  if (!content) {
    log('ERROR', 'a pending file is gone, its rows are lost', { object_name: objectName })
    return
  }
  const lines = content.toString().trimEnd().split('\n')
  const events = lines.map((line) => decodeLine(line, objectName))
  const refused = await landRows(events, objectName, table, persistRows)
  log('INFO', 'pending file landed by rows', {
    object_name: objectName,
    lines: lines.length,
    refused,
  })
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
