import { sampleEvents } from '../../ingest/testing-events.ts'
import type { Chance } from './chance.ts'

type EventType = 'order' | 'inventory' | 'user_activity' | 'unknown'

/** What is published, and what must become of it: known by how it was made, not by classifying it. */
export type Publication = {
  data: Buffer
  attributes: Record<string, string>
  eventType: EventType
  /** The text that its line must hold; absent: the line holds the bytes. */
  text?: string
  /** The first reason of its rejection; absent: it keeps its contract. */
  code?: string
  /** BigQuery refuses its payload as JSON, for a reason that only BigQuery knows. */
  isRefused: boolean
  /** Its row would be larger than BigQuery takes. */
  isOversize: boolean
}

type Made = Pick<Publication, 'eventType'> & { bytes: string | Buffer; code?: string; raw?: true }

const eventTypes = ['order', 'inventory', 'user_activity'] as const
/** Its base64 no longer fits into a row of 10 MB. */
const oversizeBytes = 7_300_000

/** A message that a producer might publish; `poison` is the share of bad ones. */
export function makePublication(chance: Chance, number: number, poison: number): Publication {
  const isBad = chance.happens(poison)
  const made = isBad ? makeBad(chance, number) : makeGood(chance, number)
  const data = Buffer.from(made.bytes)
  const attributes = chance.happens(0.2) ? { origin: `shop "${number}"`, trace: 'å\n' } : {}
  const text = made.raw ? undefined : data.toString().replace(/[\r\n]/g, ' ')
  return {
    data,
    attributes,
    eventType: made.eventType,
    ...(text !== undefined && { text }),
    ...(made.code !== undefined && { code: made.code }),
    isRefused: isBad && chance.happens(0.3),
    isOversize: false,
  }
}

/** Bytes of which only the file can hold the line. */
export function makeOversize(): Publication {
  const data = Buffer.alloc(oversizeBytes, 0xff)
  return {
    data,
    attributes: {},
    eventType: 'unknown',
    code: 'invalid_utf8',
    isRefused: false,
    isOversize: true,
  }
}

function makeGood(chance: Chance, number: number): Made {
  const eventType = chance.pick(eventTypes)
  const event = { ...sampleEvents[eventType], number }
  return { eventType, bytes: JSON.stringify(event, undefined, chance.pick([0, 0, 0, 1])) }
}

/** An event of a known type that ends in `rest`. */
function eventWith(eventType: EventType, number: number, rest: string): string {
  const event = eventType === 'unknown' ? { event_type: 'order' } : sampleEvents[eventType]
  return `${JSON.stringify({ ...event, number }).slice(0, -1)},${rest}}`
}

function makeBad(chance: Chance, number: number): Made {
  const eventType = chance.pick(eventTypes)
  const ending = (rest: string) => eventWith(eventType, number, rest)
  return chance.pick<() => Made>([
    () => ({ eventType, bytes: ending('"note":"a\u2028\\u0000\\"","__proto__":{"x":1}') }),
    () => ({ eventType, bytes: ending('"note" :\r\n\t-1.50') }),
    () => ({
      eventType,
      bytes: `{"event_type":"${eventType}","number":${number}}`,
      code: 'missing_field',
    }),
    () => ({
      eventType: 'unknown',
      bytes: `{"event_type":"../../${eventType}","number":${number}}`,
      code: 'unknown_event_type',
    }),
    () => ({ eventType: 'unknown', bytes: `[${number}]`, code: 'not_an_object', raw: true }),
    () => ({ eventType: 'unknown', bytes: `{"number":${number}`, code: 'invalid_json', raw: true }),
    () => ({
      eventType: 'unknown',
      bytes: Buffer.concat([Buffer.from(ending('"x":"')), Buffer.from([0xc3, 0x28])]),
      code: 'invalid_utf8',
      raw: true,
    }),
    () => ({
      eventType,
      bytes: ending('"x":123456789012345678901234567890'),
      code: 'inexact_number',
      raw: true,
    }),
    () => ({ eventType, bytes: ending('"x":1,"x":2'), code: 'duplicate_key', raw: true }),
    () => ({ eventType, bytes: ending('"x":"\\ud800"'), code: 'lone_surrogate', raw: true }),
  ])()
}
