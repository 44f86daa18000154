import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import contracts from '../../includes/contracts.js'
import type { ShopEvent } from './event.ts'
import { faults, spoil } from './malformed.ts'
import { steadily } from './pace.ts'
import { createRandom } from './random.ts'
import { openShop } from './shop.ts'

const start = Date.parse('2026-02-08T13:09:00Z')
const ajv = new Ajv({ strictTypes: false })
ajv.addFormat('uuid', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/)
ajv.addFormat('timestamp', isTimestamp)
const validators = Object.values(contracts).map(({ schema }) => ajv.compile(schema))

/** RFC 3339 with a zone, on a day that exists. */
function isTimestamp(text: string): boolean {
  const isForm = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(text)
  return (
    isForm &&
    new Date(`${text.slice(0, 10)}T00:00:00Z`).toJSON()?.slice(0, 10) === text.slice(0, 10)
  )
}

function eventOf(type: ShopEvent['event_type']): ShopEvent {
  for (const { event } of openShop({ seed: 7, start, pace: steadily(1) })) {
    if (event.event_type === type) return event
  }
  throw new Error(`the shop has no ${type}`)
}

/** Whether any of the three contracts takes it, read as strictly as the ingester does. */
function keepsItsContract(data: Buffer): boolean {
  const event = parse(data)
  return validators.some((validate) => validate(event))
}

const types = ['order', 'inventory', 'user_activity'] as const
const cases = faults.flatMap((fault) => types.map((type) => [fault, type] as const))

test.each(cases)('%s breaks the contract of %s', (fault, type) => {
  const event = eventOf(type)
  expect(keepsItsContract(Buffer.from(JSON.stringify(event)))).toBe(true)

  for (let seed = 0; seed < 5; seed += 1) {
    const malformed = spoil(event, createRandom(seed), fault)

    expect(malformed.fault).toBe(fault)
    expect(keepsItsContract(malformed.data)).toBe(false)
  }
})

test.each(cases)('%s of %s is tagged with the event type that it still shows', (fault, type) => {
  const { data, eventType } = spoil(eventOf(type), createRandom(1), fault)

  expect(eventType).toBe(eventTypeOf(data))
})

test('an unknown way to spoil is refused by its name', () => {
  expect(() => spoil(eventOf('order'), createRandom(1), 'ugly')).toThrow('is called ugly')
})

/** The known event type of an object of JSON; all else is unknown. */
function eventTypeOf(data: Buffer): string {
  const event = parse(data)
  const type = typeof event === 'object' && event && 'event_type' in event ? event.event_type : ''
  return types.find((name) => name === type) ?? 'unknown'
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(data))
  } catch {
    return undefined
  }
}
