import type { Event } from './event.ts'
import type { Persist } from './land-file.ts'
import { encodeRows, rowBytes } from './line.ts'
import { asRefused, maxRequestBytes } from './to-event.ts'

/** A row that insertAll did not take, by its place in the request. */
export type RowFailure = { index: number; reason: string; message: string }

/** The table `raw_events` as far as landing needs it. */
export type RowTable = {
  /** Sends an insertAll request; the rows that it does not name are durable. */
  insert(body: Buffer): Promise<RowFailure[]>
}

/** BigQuery took some of the rows, or will take them in another form: it is not away. */
export class RowsRefused extends Error {
  override name = 'RowsRefused'
}

/** Reasons that are about the row itself: to send it again unchanged would not help. */
const lastingReasons = new Set(['invalid', 'invalidQuery', 'required', 'notImplemented'])

/**
 * Lands events as rows and answers how many of them BigQuery refused as they were: those are there
 * as bytes, with BigQuery's reason among their errors.
 */
export async function landRows(
  events: readonly Event[],
  objectName: string,
  table: RowTable,
  persist: Persist,
): Promise<number> {
  let refused = 0
  let pending = events
  while (pending.length > 0) {
    await persist(async () => {
      const before = refused
      // Divided anew each time: as bytes a row may be larger.
      const request = firstRequest(pending)
      const failures = await table.insert(encodeRows(request, objectName))
      const failed = failures.flatMap(({ index, reason, message }) => {
        const event = request[index]
        if (!event) throw new Error(`BigQuery named row ${index} of ${request.length}`)
        const isNew = !event.errors.some(({ code }) => code === 'refused_by_bigquery')
        if (!lastingReasons.has(reason) || !isNew) return [event]
        refused++
        return [asRefused(event, `${reason}: ${message}`)]
      })
      pending = [...failed, ...pending.slice(request.length)]
      const [first] = failures
      if (!first) return
      const { reason, message } = first
      const text = `BigQuery refused ${failures.length} rows, one as ${reason}: ${message}`
      const isAway = failed.length === request.length && refused === before
      throw isAway ? new Error(text) : new RowsRefused(text)
    })
  }
  return refused
}

/** As many of the events, from the first on, as fit into one request. */
function firstRequest(events: readonly Event[]): readonly Event[] {
  let bytes = 0
  const end = events.findIndex((event, index) => {
    bytes += rowBytes(event)
    return index > 0 && bytes > maxRequestBytes
  })
  return end < 0 ? events : events.slice(0, end)
}
