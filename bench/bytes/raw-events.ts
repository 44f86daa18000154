import { withFaults } from '../../local/generator/faults.ts'
import { spreadOver } from '../../local/generator/pace.ts'
import { openShop } from '../../local/generator/shop.ts'
import type { RawEvent } from '../../test/raw-events.ts'

const faults = { malformed: 0, duplicates: 0.02, late: 0.01, outOfOrder: 0.01 }
const fewSecondsMs = 3_000

/** So many raw events of a shop, in the order of their arrival a few seconds after publication. */
export function* rawEvents(
  start: number,
  end: number,
  count: number,
): Generator<{ time: number; row: RawEvent }> {
  const shop = openShop({ seed: 1, start, pace: spreadOver(start, end, count) })
  const publications = withFaults(shop, faults, 1)
  for (let id = 0; id < count; id++) {
    const { value, done } = publications.next()
    if (done) throw new Error(`the shop closed after ${id} events`)
    const { data, eventType, time } = value
    const arrival = Math.min(time + fewSecondsMs, end - 1)
    yield {
      time: arrival,
      row: {
        message_id: String(id),
        publish_time: new Date(time).toISOString(),
        ingest_time: new Date(arrival).toISOString(),
        event_type: eventType,
        payload: data.toString(),
        errors: [],
        source: 'pubsub',
        object_name: `output/${eventType}/${new Date(time).toISOString().slice(0, 16)}.json`,
      },
    }
  }
}
