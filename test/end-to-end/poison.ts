import { randomUUID } from 'node:crypto'
import type { Publication } from '../../local/generator/faults.ts'

/** A message that has brought pipelines like this one to a stop, and what must become of it. */
export type Poison = {
  name: string
  data: Buffer
  eventType: Publication['eventType']
  /** Absent: it lands as a rejected event. */
  identity?: string
  /** The first reason of the rejection. */
  reason?: string
  /** Whether the line in its file holds the published text; else it holds the published bytes. */
  isText: boolean
}

const timestamp = '2026-02-08T13:09:00.000Z'

/** An inventory event that keeps its contract, with more text at its end. */
function inventory(rest: string): { data: Buffer; identity: string; eventType: 'inventory' } {
  const identity = randomUUID()
  const text =
    `{"event_type":"inventory","inventory_id":"${identity}","product_id":"${randomUUID()}",` +
    `"warehouse_id":"${randomUUID()}","quantity_change":-1,"reason":"sale",` +
    `"timestamp":"${new Date().toISOString()}"${rest}}`
  return { data: Buffer.from(text), identity, eventType: 'inventory' }
}

/** The same, but landed as a rejected event. */
function rejected(rest: string): { data: Buffer; eventType: 'inventory' } {
  const { data, eventType } = inventory(rest)
  return { data, eventType }
}

/** Made anew for each run: identities must not repeat. */
export function poisonSet(): Poison[] {
  return [
    { name: 'U+2028 in a string', ...inventory(',"note":"a\u2028b"'), isText: true },
    { name: 'an escaped NUL', ...inventory(String.raw`,"note":"a\u0000b"`), isText: true },
    { name: 'line breaks between tokens', ...inventory(',\r\n"note" :\n\t"a"'), isText: true },
    { name: '2^53 + 1', ...inventory(',"note":9007199254740993'), isText: true },
    { name: '9 MB', ...inventory(`,"note":"${'x'.repeat(9_000_000)}"`), isText: true },
    {
      name: '9.9 MB, which the file holds but no row can',
      ...rejected(`,"note":"${'x'.repeat(9_900_000)}"`),
      isText: true,
      reason: 'row_too_large',
    },
    {
      name: 'a number of 30 digits',
      ...rejected(',"note":123456789012345678901234567890'),
      isText: false,
      reason: 'inexact_number',
    },
    {
      name: 'the same key twice',
      ...rejected(',"reason":"gift"'),
      isText: false,
      reason: 'duplicate_key',
    },
    {
      name: 'half a character',
      ...rejected(String.raw`,"note":"\ud800"`),
      isText: false,
      reason: 'lone_surrogate',
    },
    {
      name: 'invalid UTF-8',
      data: Buffer.concat([rejected('').data, Buffer.from([0xc3, 0x28])]),
      eventType: 'unknown',
      isText: false,
      reason: 'invalid_utf8',
    },
    {
      name: 'a NUL',
      data: Buffer.from('{"event_type":"order"}\0'),
      eventType: 'unknown',
      isText: false,
      reason: 'invalid_json',
    },
    {
      name: 'a path as event type',
      data: Buffer.from(`{"event_type":"../../x","timestamp":"${timestamp}"}`),
      eventType: 'unknown',
      isText: true,
      reason: 'unknown_event_type',
    },
    {
      name: 'a name of JavaScript as event type',
      data: Buffer.from('{"event_type":"__proto__"}'),
      eventType: 'unknown',
      isText: true,
      reason: 'unknown_event_type',
    },
  ]
}

/** What the ledger of the generator would say about it. */
export function asPublication({ data, eventType, identity, name }: Poison): Publication {
  const known = identity === undefined ? { fault: name } : { identity }
  return { data, eventType, eventTime: 0, time: 0, isDuplicate: false, ...known }
}
