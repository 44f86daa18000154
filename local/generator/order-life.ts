import type { Product } from './catalogue.ts'
import type { Customer } from './customers.ts'
import { hour, minute, type OrderEvent, type OrderStatus, type TimedEvent } from './event.ts'
import type { Random } from './random.ts'
import { timestamp } from './timestamp.ts'

export type OrderLine = { product: Product; quantity: number }

const statuses: OrderStatus[] = ['pending', 'processing', 'shipped', 'delivered']

/** How long an order stays, on average, before it goes on; warehouses rest and parcels travel. */
const stays: Record<OrderStatus, number> = {
  pending: 40 * minute,
  processing: 5 * hour,
  shipped: 20 * hour,
  delivered: 0,
}

/** The four events of an order: between them only its status and that status's date change. */
export function orderLife(
  random: Random,
  customer: Customer,
  lines: OrderLine[],
  placed: number,
): TimedEvent[] {
  const order_id = random.uuid()
  const content = {
    items: lines.map(({ product, quantity }) => ({
      product_id: product.id,
      product_name: product.name,
      quantity,
      price: product.cents / 100,
    })),
    shipping_address: customer.address,
    total_amount: totalCents(lines) / 100,
  }

  let time = placed
  return statuses.map((status) => {
    const event: OrderEvent = {
      event_type: 'order',
      order_id,
      customer_id: customer.id,
      order_date: timestamp(time),
      status,
      ...content,
    }
    const timed = { time, event }
    time += Math.ceil(stays[status] / 4 + random.wait(stays[status] * 0.75))
    return timed
  })
}

function totalCents(lines: OrderLine[]): number {
  return lines.reduce((sum, { product, quantity }) => sum + product.cents * quantity, 0)
}
