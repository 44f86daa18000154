import { day } from '../generator/event.ts'
import { withFaults, type Faults, type Publication } from '../generator/faults.ts'
import { spreadOver, steadily } from '../generator/pace.ts'
import { startBefore } from '../generator/plan.ts'
import { publishAll, type Publisher } from '../generator/publish.ts'
import { openShop } from '../generator/shop.ts'
import { takeEvents } from '../generator/take-events.ts'
import { count, emptyTally, type Tally } from '../generator/tally.ts'

export type ProducerOptions = {
  publisher: Publisher
  seed: number
  faults: Faults
  /** How many events the last two days had. */
  events: number
}

/** A shop whose past is published in rounds and whose present goes on after them. */
export type Producer = {
  /** Every message of the rounds by its id. */
  truth: ReadonlyMap<string, Publication>
  /** Counts the stream as well. */
  tally: Tally
  publish(events: number): Promise<void>
  /** Publishes each event when it happens, until it is called off; too long to remember each. */
  stream(perSecond: number, signal: AbortSignal): Promise<void>
}

export function createProducer({ publisher, seed, faults, events }: ProducerOptions): Producer {
  const opened = startBefore(Date.now(), 2 * day, events)
  const past = spreadOver(opened, opened + 2 * day, events)
  let pace = past
  const shop = openShop({ seed, start: opened, pace: (time, emitted) => pace(time, emitted) })
  const publications = withFaults(shop, faults, seed)
  const truth = new Map<string, Publication>()
  const tally = emptyTally()

  return {
    truth,
    tally,
    publish: (number) =>
      publishAll(takeEvents(publications, number), {
        publisher,
        onPublished(batch, ids) {
          count(tally, batch)
          for (const [index, id] of ids.entries()) {
            const publication = batch[index]
            if (publication) truth.set(id, publication)
          }
        },
      }),
    stream(perSecond, signal) {
      const now = Date.now()
      const present = steadily(perSecond)
      // What is left of the past must not come as a flood.
      pace = (time, emitted) => (time < now ? past(time, emitted) : present(time, emitted))
      return publishAll(takeEvents(publications, Infinity), {
        publisher,
        due: ({ time }) => time,
        signal,
        onPublished: (batch) => count(tally, batch),
      })
    },
  }
}
