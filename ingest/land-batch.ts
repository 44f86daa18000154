import type { Batch } from './batcher.ts'
import type { Clock } from './clock.ts'
import type { Persist } from './land-file.ts'
import { landRows, type RowTable } from './land-rows.ts'

/** The two places where a batch lands, with the patience that each asks for. */
export type Landing = {
  landFile: (batch: Batch, persist: Persist) => Promise<string>
  table: RowTable
  persistFile: Persist
  persistRows: Persist
  clock: Clock
}

/** What the log line of a batch tells. */
export type Landed = { objectName: string; refused: number; fileMs: number; rowsMs: number }

/** File first: a row must never be without the line from which it can be made again. */
export async function landBatch(batch: Batch, landing: Landing): Promise<Landed> {
  const { landFile, table, persistFile, persistRows, clock } = landing
  const startedAt = clock.now()
  const objectName = await landFile(batch, persistFile)
  const filedAt = clock.now()
  const refused = await landRows(batch.events, objectName, table, persistRows)
  return { objectName, refused, fileMs: filedAt - startedAt, rowsMs: clock.now() - filedAt }
}
