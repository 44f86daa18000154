import type { ShopEvent } from './event.ts'
import type { Random } from './random.ts'

/** A message that breaks its contract in one known way. */
export type Malformed = {
  /** The way: `naive-timestamp`. */
  fault: string
  /** The event type that can still be told from it. */
  eventType: ShopEvent['event_type'] | 'unknown'
  data: Buffer
}

type Json = Record<string, unknown>
type Spoil = (event: ShopEvent, random: Random) => unknown

/** Still of its event type, but against its contract. */
const withinType: Record<string, Spoil> = {
  'missing-field': (event, random) => omit(event, random.pick(requiredFields(event))),
  'wrong-enum': (event) => ({ ...event, ...wrongEnum(event) }),
  'out-of-range': (event) => ({ ...event, ...outOfRange(event) }),
  'naive-timestamp': (event) => withTime(event, (text) => text.slice(0, 19)),
  'impossible-date': (event) => withTime(event, (text) => `2026-02-30${text.slice(10)}`),
  'wrong-type': (event) => ({ ...event, ...wrongType(event) }),
  'not-a-uuid': (event, random) => ({ ...event, [idField(event)]: `#${random.integer(1, 99999)}` }),
  'null-field': (event, random) => ({ ...event, [random.pick(requiredFields(event))]: null }),
}

/** What nobody can take for one of the known event types. */
const withoutType: Record<string, Spoil> = {
  'unknown-event-type': (event) => ({ ...event, event_type: 'refund' }),
  'path-as-event-type': (event) => ({ ...event, event_type: '../../x' }),
  'no-event-type': (event) => omit(event, 'event_type'),
  'not-an-object': (event) => [event],
  'not-json': (event) => Buffer.from(JSON.stringify(event).slice(0, -2)),
  'not-utf-8': (event) => withBrokenByte(JSON.stringify(event)),
}

/** The names of every way in which an event may be spoiled. */
export const faults: string[] = [...Object.keys(withinType), ...Object.keys(withoutType)]

/** Spoils the event in one of the ways, or in the way that is asked for. */
export function spoil(
  event: ShopEvent,
  random: Random,
  fault = faults[random.integer(0, faults.length - 1)] ?? 'not-json',
): Malformed {
  const withType = withinType[fault]
  const change = withType ?? withoutType[fault]
  if (!change) throw new Error(`no way to spoil an event is called ${fault}`)

  const spoiled = change(event, random)
  const data = Buffer.isBuffer(spoiled) ? spoiled : Buffer.from(JSON.stringify(spoiled))
  return { fault, eventType: withType ? event.event_type : 'unknown', data }
}

function omit(event: ShopEvent, field: string): Json {
  return Object.fromEntries(Object.entries(event).filter(([name]) => name !== field))
}

function requiredFields(event: ShopEvent): [string, ...string[]] {
  return [idField(event), ...Object.keys(event).filter((name) => name !== 'event_type')]
}

function idField({ event_type }: ShopEvent): string {
  return { order: 'order_id', inventory: 'inventory_id', user_activity: 'user_id' }[event_type]
}

function wrongEnum({ event_type }: ShopEvent): Json {
  if (event_type === 'order') return { status: 'lost' }
  return event_type === 'inventory' ? { reason: 'gift' } : { activity_type: 'Login' }
}

/** Activities hold no number: theirs is a platform that does not exist. */
function outOfRange(event: ShopEvent): Json {
  if (event.event_type === 'order') return { total_amount: 1e15 }
  if (event.event_type === 'inventory') return { quantity_change: 101 }
  return { metadata: { ...event.metadata, platform: 'fridge' } }
}

function wrongType(event: ShopEvent): Json {
  if (event.event_type === 'order') return { total_amount: String(event.total_amount) }
  if (event.event_type === 'inventory') return { quantity_change: event.quantity_change + 0.5 }
  return { metadata: JSON.stringify(event.metadata) }
}

function withTime(event: ShopEvent, change: (text: string) => string): Json {
  if (event.event_type === 'order') return { ...event, order_date: change(event.order_date) }
  return { ...event, timestamp: change(event.timestamp) }
}

/** The byte stands inside a string, where only a strict decoder sees it. */
function withBrokenByte(text: string): Buffer {
  const data = Buffer.from(text)
  data[data.lastIndexOf('"') - 1] = 0xff
  return data
}
