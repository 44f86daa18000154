import type { Catalogue, Product } from './catalogue.ts'
import type { Customer } from './customers.ts'
import { second, type ActivityEvent, type TimedEvent } from './event.ts'
import type { OrderLine } from './order-life.ts'
import type { Random } from './random.ts'
import { timestamp } from './timestamp.ts'

type Activity = ActivityEvent['activity_type']

export type Visit = {
  events: TimedEvent[]
  /** Everything that was looked at. */
  seen: Product[]
  /** What the visitor buys, and when; absent: nothing. */
  purchase?: { time: number; lines: OrderLine[] }
}

/** Somebody logs in, browses, fills a cart and changes their mind, buys or not, and mostly logs out. */
export function planVisit(
  random: Random,
  catalogue: Catalogue,
  customer: Customer,
  start: number,
): Visit {
  const device = random.pick(customer.devices)
  const metadata = { session_id: random.uuid(), platform: device.platform }
  const events: TimedEvent[] = []
  const cart = new Map<Product, number>()
  const seen: Product[] = []
  let time = start

  function note(activity: Activity): void {
    const event: ActivityEvent = {
      event_type: 'user_activity',
      user_id: customer.id,
      activity_type: activity,
      ip_address: device.ip,
      user_agent: device.userAgent,
      timestamp: timestamp(time, device.offset),
      metadata,
    }
    events.push({ time, event })
    time += Math.ceil(second + random.wait(40 * second))
  }

  note('login')
  do {
    const product = catalogue.popular()
    seen.push(product)
    note('view_product')
    if (random.chance(0.6)) {
      cart.set(product, (cart.get(product) ?? 0) + random.pick([1, 1, 1, 1, 2, 2, 3]))
      note('add_to_cart')
    }
  } while (random.chance(0.5))

  for (const product of cart.keys()) {
    if (!random.chance(0.08)) continue
    cart.delete(product)
    note('remove_from_cart')
  }

  const purchase = cart.size > 0 && random.chance(0.85) ? { time, lines: lines(cart) } : undefined
  time += second
  if (random.chance(0.6)) note('logout')
  return { events, seen, ...(purchase && { purchase }) }
}

function lines(cart: Map<Product, number>): OrderLine[] {
  return [...cart].map(([product, quantity]) => ({ product, quantity }))
}
