import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import contracts from '../../includes/contracts.js'
import { day, hour, minute, type OrderEvent, type ShopEvent, type TimedEvent } from './event.ts'
import { identity } from './identity.ts'
import { spreadOver } from './pace.ts'
import { openShop } from './shop.ts'

const start = Date.parse('2026-02-08T00:00:00Z')
const seed = 20260208
const happened = firstEvents(20_000)

/** What happens first in a shop that opens on a Sunday. */
function firstEvents(count: number, options: { seed?: number } = {}): TimedEvent[] {
  const pace = spreadOver(start, start + 6 * day, count)
  const events = openShop({ seed, start, pace, ...options })
  return Array.from({ length: count }, () => events.next().value)
}

function ofType<T extends ShopEvent['event_type']>(
  type: T,
): Extract<ShopEvent, { event_type: T }>[] {
  return happened
    .map(({ event }) => event)
    .filter((event): event is Extract<ShopEvent, { event_type: T }> => event.event_type === type)
}

function groups<T>(items: T[], key: (item: T) => string): T[][] {
  return [...Map.groupBy(items, key).values()]
}

test('the same seed, start and pace give the same events', () => {
  expect(firstEvents(2000)).toEqual(firstEvents(2000))
})

test('another seed gives another shop', () => {
  expect(firstEvents(10, { seed: seed + 1 })).not.toEqual(firstEvents(10))
})

test('every event keeps its contract', () => {
  const ajv = new Ajv({ strict: true, allErrors: true, strictTypes: false })
  ajv.addFormat('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  ajv.addFormat('timestamp', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/)
  const broken = Object.values(contracts).flatMap(({ eventType, schema }) => {
    const validate = ajv.compile(schema)
    return ofType(eventType).filter((event) => !validate(event))
  })

  expect(broken).toEqual([])
})

test('every event type and every value of its lists occurs', () => {
  expect(new Set(ofType('order').map(({ status }) => status)).size).toBe(4)
  expect(new Set(ofType('inventory').map(({ reason }) => reason)).size).toBe(4)
  expect(new Set(ofType('user_activity').map((event) => event.activity_type)).size).toBe(5)
  expect(new Set(ofType('user_activity').map((event) => event.metadata.platform)).size).toBe(3)
})

test('events come in the order in which they happened, with their own time in them', () => {
  const times = happened.map(({ time }) => time)
  const told = happened.map(({ event }) =>
    Date.parse(event.event_type === 'order' ? event.order_date : event.timestamp),
  )

  expect(times).toEqual(times.toSorted((left, right) => left - right))
  expect(told).toEqual(times)
})

test('no two events have the same identity', () => {
  expect(new Set(happened.map(({ event }) => identity(event))).size).toBe(happened.length)
})

test('the total of an order is the sum of its items to the cent', () => {
  const wrong = ofType('order').filter(({ items, total_amount }) => {
    const cents = sum(items.map(({ price, quantity }) => Math.round(price * 100) * quantity))
    return cents !== Math.round(total_amount * 100) || String(total_amount) !== String(cents / 100)
  })

  expect(wrong).toEqual([])
})

test('an order goes through its statuses in order and changes nothing else', () => {
  const lives = groups(ofType('order'), ({ order_id }) => order_id)

  for (const life of lives) {
    const statuses = ['pending', 'processing', 'shipped', 'delivered'].slice(0, life.length)
    expect(life.map(({ status }) => status)).toEqual(statuses)
    expect(new Set(life.map(unchanging)).size).toBe(1)
  }
  expect(lives.filter((life) => life.length === 4).length).toBeGreaterThan(lives.length / 3)
})

test('stock is never negative', () => {
  const shelves = groups(ofType('inventory'), (event) => event.product_id + event.warehouse_id)
  const lowest = shelves.map((changes) => {
    let left = 0
    return Math.min(...changes.map(({ quantity_change }) => (left += quantity_change)))
  })

  expect(shelves.length).toBeGreaterThan(100)
  expect(Math.min(...lowest)).toBeGreaterThanOrEqual(0)
})

test('what is ordered is taken from the stock', () => {
  const pieces = new Map<string, number>()
  const add = (product: string, quantity: number) =>
    pieces.set(product, (pieces.get(product) ?? 0) + quantity)
  // The sales of the last order may come after the last event.
  for (const { event } of happened.slice(0, happened.findLastIndex(isPending))) {
    if (event.event_type === 'inventory' && event.reason === 'sale') {
      add(event.product_id, event.quantity_change)
    }
    if (event.event_type === 'order' && event.status === 'pending') {
      for (const { product_id, quantity } of event.items) add(product_id, quantity)
    }
  }

  expect(pieces.size).toBeGreaterThan(50)
  expect([...pieces.values()].filter((left) => left !== 0)).toEqual([])
})

test('a session begins with a login, ends with the logout and is of one user on one device', () => {
  const sessions = groups(ofType('user_activity'), ({ metadata }) => metadata.session_id)
  for (const session of sessions) {
    const activities = session.map((event) => event.activity_type)
    expect(activities.indexOf('login')).toBe(0)
    expect(activities.lastIndexOf('login')).toBe(0)
    expect([-1, activities.length - 1]).toContain(activities.indexOf('logout'))
    expect(new Set(session.map((event) => `${event.user_id} ${event.user_agent}`)).size).toBe(1)
  }
})

test('nobody removes from the cart what was not added', () => {
  for (const session of groups(ofType('user_activity'), ({ metadata }) => metadata.session_id)) {
    const added = session.filter((event) => event.activity_type === 'add_to_cart').length
    const removed = session.filter((event) => event.activity_type === 'remove_from_cart').length
    expect(removed).toBeLessThanOrEqual(added)
  }
})

test('evenings are busier than nights', () => {
  const logins = happened.filter(
    ({ event }) => event.event_type === 'user_activity' && event.activity_type === 'login',
  )
  const between = (from: number, to: number) =>
    logins.filter(({ time }) => time % day >= from * hour && time % day < to * hour).length

  expect(between(18, 22)).toBeGreaterThan(2 * between(2, 6))
})

test('the events fill the time that they are spread over', () => {
  const last = happened.at(-1)?.time ?? 0

  expect(Math.abs(last - (start + 6 * day))).toBeLessThan(90 * minute)
})

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** An order without what its statuses change. */
function unchanging(event: OrderEvent): string {
  return JSON.stringify({ ...event, status: '', order_date: '' })
}

function isPending({ event }: TimedEvent): boolean {
  return event.event_type === 'order' && event.status === 'pending'
}
