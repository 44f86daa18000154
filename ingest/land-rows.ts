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
  for (const request of splitBySize(events)) {
    let pending = request
    await persist(async () => {
      const before = { rows: pending.length, refused }
      const failures = await table.insert(encodeRows(pending, objectName))
      pending = failures.flatMap(({ index, reason, message }) => {
        const event = pending[index]
        if (!event) throw new Error(`BigQuery named row ${index} of ${pending.length}`)
        const isNew = !event.errors.some(({ code }) => code === 'refused_by_bigquery')
        if (!lastingReasons.has(reason) || !isNew) return [event]
        refused++
        return [asRefused(event, `${reason}: ${message}`)]
      })
      const [first] = failures
      if (!first) return
      const { reason, message } = first
      const text = `BigQuery refused ${failures.length} rows, one as ${reason}: ${message}`
      const isAway = pending.length === before.rows && refused === before.refused
      throw isAway ? new Error(text) : new RowsRefused(text)
    })
  }
  return refused
}

function splitBySize(events: readonly Event[]): Event[][] {
  const requests: Event[][] = []
  let request: Event[] = []
  let bytes = 0
  for (const event of events) {
    const size = rowBytes(event)
    if (request.length > 0 && bytes + size > maxRequestBytes) {
      requests.push(request)
      request = []
      bytes = 0
    }
    request.push(event)
    bytes += size
  }
  requests.push(request)
  return requests
}
