import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { BigQuery } from '@google-cloud/bigquery'
import { day } from '../../local/generator/event.ts'
import { withFaults, type Publication } from '../../local/generator/faults.ts'
import { spreadOver } from '../../local/generator/pace.ts'
import { startBefore } from '../../local/generator/plan.ts'
import { openShop } from '../../local/generator/shop.ts'

const span = 2 * day
const linesAFile = 250_000
const faults = { malformed: 0, duplicates: 0.02, late: 0, outOfOrder: 0 }

/** Loads so many raw events of a shop into raw_events, as the ingester's files would be loaded. */
export async function loadRawEvents(
  bigquery: BigQuery,
  count: number,
  scratchFile: string,
): Promise<void> {
  const start = startBefore(Date.now(), span, count)
  const shop = openShop({ seed: 1, start, pace: spreadOver(start, start + span, count) })
  const publications = withFaults(shop, faults, 1)
  for (let from = 0; from < count; from += linesAFile) {
    const lines = linesOf(publications, from, Math.min(from + linesAFile, count))
    await pipeline(Readable.from(lines), createWriteStream(scratchFile))
    const [job] = await bigquery
      .dataset('raw')
      .table('raw_events')
      .load(scratchFile, { sourceFormat: 'NEWLINE_DELIMITED_JSON' })
    const problem = job.status?.errorResult?.message
    if (problem) throw new Error(`the raw events could not be loaded: ${problem}`)
  }
}

/** Many lines a piece: a stream that is given one line at a time is slow. */
function* linesOf(publications: Iterator<Publication>, from: number, to: number) {
  let piece: string[] = []
  for (let id = from; id < to; id++) {
    const { value, done } = publications.next()
    if (done) throw new Error(`the shop closed after ${id} events`)
    piece.push(lineOf(value, id))
    if (piece.length < 1_000 && id + 1 < to) continue
    yield piece.join('')
    piece = []
  }
}

function lineOf({ data, eventType, time }: Publication, id: number): string {
  const publishTime = new Date(time).toISOString()
  return (
    `{"message_id":"${id}","publish_time":"${publishTime}","event_type":"${eventType}",` +
    `"payload":${data.toString()},"source":"pubsub","object_name":"output/${eventType}.json"}\n`
  )
}
