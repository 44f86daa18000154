import type { Clock } from './clock.ts'
import type { Persist } from './land-file.ts'
import type { RowTable } from './land-rows.ts'
import type { Log } from './log.ts'
import type { Loading } from './pending-files.ts'

/** What loading asks patience of, by the service that may fail. */
type Patience = { persistFile: Persist; persistRows: Persist; persistJobs: Persist }

/** All that loading pending files needs. */
export type PendingLoader = Loading &
  Patience & {
    table: RowTable
    /** A new set of files is taken no sooner than this after the last. */
    everyMs: number
    clock: Clock
    random: () => number
    log: Log
    /** A job failed; whether its files can be loaded is not known. */
    onJobFailed: (reason: string) => void
    /** No load is open. */
    onSettled: () => void
    /** Rows that waited have come in, whoever loaded them. */
    onLoaded: () => void
  }
