import { BreakerOpen } from './breaker.ts'
import type { Batch } from './batcher.ts'
import type { Clock } from './clock.ts'
import type { Persist } from './land-file.ts'
import { landRows, type RowTable } from './land-rows.ts'

/** The two places where a batch lands, with the patience that each asks for. */
export type Landing = {
  landFile: (batch: Batch, persist: Persist) => Promise<string>
  table: RowTable
  persistFile: Persist
  /** How to try rows, which may end in BreakerOpen; undefined: not at all. */
  admitRows: () => Persist | undefined
  /** Makes a load bring in the rows of a file. */
  note: (objectName: string) => Promise<void>
  clock: Clock
}

/** What the log line of a batch tells. */
export type Landed = {
  objectName: string
  /** The rows are not there yet; a load will bring them from the file. */
  isPending: boolean
  refused: number
  fileMs: number
  rowsMs: number
}

/** File first: a row must never be without the line from which it can be made again. */
export async function landBatch(batch: Batch, landing: Landing): Promise<Landed> {
  const { landFile, persistFile, note, clock } = landing
  const startedAt = clock.elapsed()
  const objectName = await landFile(batch, persistFile)
  const filedAt = clock.elapsed()
  const refused = await tryRows(batch, objectName, landing)
  // Durable before anything is acknowledged, so that no crash can forget the rows.
  if (refused === undefined) await persistFile(() => note(objectName))
  return {
    objectName,
    isPending: refused === undefined,
    refused: refused ?? 0,
    fileMs: filedAt - startedAt,
    rowsMs: clock.elapsed() - filedAt,
  }
}

/** How many rows BigQuery refused as they were, or undefined if it did not take them. */
async function tryRows(
  { events }: Batch,
  objectName: string,
  { table, admitRows }: Landing,
): Promise<number | undefined> {
  const persist = admitRows()
  if (!persist) return undefined
  try {
    return await landRows(events, objectName, table, persist)
  } catch (error) {
    if (error instanceof BreakerOpen) return undefined
    throw error
  }
}
