import { createHash } from 'node:crypto'

/** A set of pending files that are loaded together; it never changes, so that it can name its job. */
export type Load = {
  files: string[]
  /** Counts from 1; a job that failed is never asked for again. */
  attempt: number
  /** The only file of a load whose job failed because of its content. */
  byRows?: true
  /** The one instance that lands those rows: they have no id that would let two of them do it. */
  claim?: Claim
}

/** As long as its instance lives `renewals` grows. */
export type Claim = { by: string; renewals: number }

/** The loads that all instances are working on, one after the other. */
export type LoadLedger = {
  /** When the last set was taken from the notes, by that instance's clock. */
  openedAt: number
  loads: Load[]
}

/** The ledger as it stands in the bucket; there is none before the first load. */
export function readLedger(text: string | undefined): LoadLedger {
  if (text === undefined) return { openedAt: 0, loads: [] }
  const ledger: unknown = JSON.parse(text)
  if (isLedger(ledger)) return ledger
  throw new Error('pending/loads.json is not a ledger of loads')
}

/** The same for the same route, files and attempt, whoever asks. */
export function jobIdOf({ files, attempt }: Load, route: string): string {
  const hash = createHash('sha256')
    .update([route, ...files].join('\n'))
    .digest('hex')
  return `raw_events_${hash.slice(0, 40)}_${attempt}`
}

/** Those files alone that BigQuery named, the rest together; if it named none, two halves. */
export function splitLoad({ files }: Load, named: readonly string[]): Load[] {
  const [only] = files
  if (files.length === 1 && only) return [{ files, attempt: 1, byRows: true }]
  const bad = new Set(named)
  const rest = files.filter((file) => !bad.has(file))
  if (rest.length === files.length) {
    const half = Math.ceil(files.length / 2)
    return [files.slice(0, half), files.slice(half)].map((part) => ({ files: part, attempt: 1 }))
  }
  const byRows = files.filter((file) => bad.has(file))
  return [
    ...(rest.length > 0 ? [{ files: rest, attempt: 1 }] : []),
    ...byRows.map((file): Load => ({ files: [file], attempt: 1, byRows: true })),
  ]
}

function isLedger(value: unknown): value is LoadLedger {
  if (typeof value !== 'object' || value === null) return false
  if (!('openedAt' in value) || typeof value.openedAt !== 'number') return false
  return 'loads' in value && Array.isArray(value.loads) && value.loads.every(isLoad)
}

function isLoad(value: unknown): value is Load {
  if (typeof value !== 'object' || value === null) return false
  if (!('attempt' in value) || !Number.isInteger(value.attempt)) return false
  if (!('files' in value) || !Array.isArray(value.files) || value.files.length === 0) return false
  return value.files.every((file) => typeof file === 'string')
}
