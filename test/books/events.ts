import type { RawEvent } from '../raw-events.ts'

const hour = 3_600_000

/** An hour of yesterday: runs count it, and it is over. */
const start = Math.floor(Date.now() / hour) * hour - 24 * hour

const iso = (time: number) => new Date(time).toISOString()
export const minutes = (count: number) => iso(start + count * 60_000)
export const daysBefore = (days: number) => iso(start - days * 24 * hour)

/** An order of customer-1 in Oslo that landed as message-1, but for the changes. */
export function rawEvent({
  payload,
  ...row
}: Partial<Omit<RawEvent, 'payload'>> & { payload?: object }) {
  return {
    row: {
      message_id: 'message-1',
      publish_time: minutes(0),
      ingest_time: minutes(1),
      event_type: 'order',
      payload: JSON.stringify({ ...order, ...payload }),
      errors: [],
      source: 'pubsub',
      object_name: 'output/1.json',
      ...row,
    },
  }
}

export const order = {
  order_id: 'order-1',
  customer_id: 'customer-1',
  order_date: minutes(0),
  status: 'pending',
  items: [{ product_id: 'product-1', product_name: 'Mug', quantity: 2, price: 9.95 }],
  shipping_address: { street: 'Kirkegata 1', city: 'Oslo', country: 'NO' },
  total_amount: 19.9,
}
export const inventory = {
  inventory_id: 'inventory-1',
  product_id: 'product-1',
  warehouse_id: 'warehouse-1',
  quantity_change: 1,
  reason: 'sale',
  timestamp: minutes(0),
}
export const activity = {
  user_id: 'user-1',
  activity_type: 'login',
  ip_address: '192.0.2.7',
  user_agent: 'curl/8',
  timestamp: minutes(0),
  metadata: { session_id: 'session-1', platform: 'web' },
}
export const address = order.shipping_address
export const errors = [{ code: 'missing_field', path: '/items/3/price', message: 'is missing' }]

export function ofEachType(message_id: string, ingest_time = minutes(1), time = minutes(0)) {
  const row = { message_id, ingest_time }
  return [
    rawEvent({ ...row, payload: { order_date: time } }),
    rawEvent({
      ...row,
      event_type: 'inventory',
      payload: { ...inventory, inventory_id: `inventory at ${time}` },
    }),
    rawEvent({ ...row, event_type: 'user_activity', payload: { ...activity, timestamp: time } }),
  ]
}

/** An order a day, up to the day before yesterday. */
export function history(days: number) {
  return Array.from({ length: days }, (_, index) => {
    const time = iso(start - (index + 2) * 24 * hour)
    return rawEvent({
      message_id: `history-${index}`,
      publish_time: time,
      ingest_time: time,
      payload: { order_date: time },
    })
  })
}

export function fromMinutesAgo(count: number) {
  const time = iso(Date.now() - count * 60_000)
  const message_id = `message-${count}`
  return rawEvent({
    message_id,
    publish_time: time,
    ingest_time: time,
    payload: { order_id: message_id },
  })
}
