import { createAgenda } from './agenda.ts'
import { hour, minute, second, type ShopEvent, type TimedEvent } from './event.ts'
import { identity } from './identity.ts'
import { spoil } from './malformed.ts'
import { createRandom, type Random } from './random.ts'

/** Shares of all events, from 0 to 1. */
export type Faults = {
  malformed: number
  /** Published a second time, as a producer does that did not hear the answer. */
  duplicates: number
  /** Published hours or days after it happened, as by a telephone without a net. */
  late: number
  /** Published seconds or minutes after younger events. */
  outOfOrder: number
}

/** One message to publish, and what the generator knows about it. */
export type Publication = {
  data: Buffer
  /** The event type under which it must land: `unknown` where none of the known can be told from it. */
  eventType: ShopEvent['event_type'] | 'unknown'
  /** When the event happened, and when the shop's backend published it, in milliseconds since 1970. */
  eventTime: number
  time: number
  /** Absent: it breaks its contract. */
  identity?: string
  /** In which way it breaks its contract; absent: it keeps it. */
  fault?: string
  delay?: 'late' | 'out-of-order'
  /** An earlier message brought the same event. */
  isDuplicate: boolean
}

/** What comes out of a shop when its producers are as imperfect as that; the same seed, the same faults. */
export function* withFaults(
  events: Iterable<TimedEvent>,
  faults: Faults,
  seed: number,
): Generator<Publication> {
  const random = createRandom(seed, 'faults')
  const waiting = createAgenda<Publication>()

  for (const { time, event } of events) {
    for (const { item } of due(waiting, time)) yield item

    const publication = {
      ...publish(event, time, faults, random),
      ...postpone(time, faults, random),
    }
    if (publication.time === time) yield publication
    else waiting.add(publication.time, publication)

    if (publication.fault || !random.chance(faults.duplicates)) continue
    const again = publication.time + second + Math.ceil(random.wait(20 * minute))
    waiting.add(again, { ...publication, time: again, isDuplicate: true })
  }
  for (const { item } of due(waiting, Infinity)) yield item
}

function* due<T>(waiting: ReturnType<typeof createAgenda<T>>, time: number) {
  while ((waiting.next() ?? Infinity) <= time) {
    const next = waiting.take()
    if (!next) return
    yield next
  }
}

function publish(
  event: ShopEvent,
  time: number,
  { malformed }: Faults,
  random: Random,
): Publication {
  const well = { eventTime: time, time, isDuplicate: false }
  if (random.chance(malformed)) return { ...well, ...spoil(event, random) }
  const data = Buffer.from(JSON.stringify(event))
  return { ...well, data, eventType: event.event_type, identity: identity(event) }
}

function postpone(
  time: number,
  { late, outOfOrder }: Faults,
  random: Random,
): Pick<Publication, 'time' | 'delay'> {
  const draw = random.next()
  if (draw < late) return { time: time + hour + Math.ceil(random.wait(8 * hour)), delay: 'late' }
  if (draw >= late + outOfOrder) return { time }
  return { time: time + second + Math.ceil(random.wait(5 * minute)), delay: 'out-of-order' }
}
