import { day, hour } from '../../local/generator/event.ts'
import { withFaults } from '../../local/generator/faults.ts'
import { spreadOver } from '../../local/generator/pace.ts'
import { openShop } from '../../local/generator/shop.ts'
import type { RawEvent } from '../../test/raw-events.ts'

const faults = { malformed: 0, duplicates: 0.02, late: 0.01, outOfOrder: 0.01 }
const fewSecondsMs = 3_000

/** Raw events of a shop, about so many an hour, in the order of their arrival a few seconds after publication. */
export function* rawEvents(
  start: number,
  end: number,
  eventsAnHour: number,
): Generator<{ time: number; row: RawEvent }> {
  const closing = end + day
  const count = Math.ceil(((closing - start) / hour) * eventsAnHour)
  const shop = openShop({ seed: 1, start, pace: spreadOver(start, closing, count) })
  const publications = withFaults(shop, faults, 1)
  for (let id = 0; ; id++) {
    const { value, done } = publications.next()
    if (done) throw new Error(`the shop closed after ${id} events`)
    const { data, eventType, time } = value
    const arrival = time + fewSecondsMs
    if (arrival >= end) return
    const publishTime = new Date(time).toISOString()
    const row = {
      message_id: String(id),
      publish_time: publishTime,
      ingest_time: new Date(arrival).toISOString(),
      event_type: eventType,
      payload: data.toString(),
      errors: [],
      source: 'pubsub',
      object_name: `output/${eventType}/${publishTime.slice(0, 16)}.json`,
    }
    yield { time: arrival, row }
  }
}
