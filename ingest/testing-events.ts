import type { Event, Message } from './event.ts'

/** One good event of each type. */
export const sampleEvents = {
  order: {
    event_type: 'order',
    order_id: '5f0c3a52-6d1e-4f6b-9d6f-2f1f1a5c7e01',
    customer_id: '0b9d6c1e-8f4a-4a39-8a55-3d2a7c9b1e02',
    order_date: '2025-02-08T13:09:41.5+01:00',
    status: 'pending',
    items: [
      {
        product_id: 'c1a7f3de-1b2c-4d3e-8f90-a1b2c3d4e503',
        product_name: 'Kettle',
        quantity: 2,
        price: 19.99,
      },
    ],
    shipping_address: { street: 'Hauptstraße 1', city: 'Köln', country: 'DE' },
    total_amount: 39.98,
  },
  inventory: {
    event_type: 'inventory',
    inventory_id: '7e57d004-2b97-4e7a-b45f-5387367791cd',
    product_id: 'c1a7f3de-1b2c-4d3e-8f90-a1b2c3d4e503',
    warehouse_id: '16fd2706-8baf-433b-82eb-8c7fada847da',
    quantity_change: -2,
    reason: 'sale',
    timestamp: '2025-02-08T13:09:42Z',
  },
  user_activity: {
    event_type: 'user_activity',
    user_id: '0b9d6c1e-8f4a-4a39-8a55-3d2a7c9b1e02',
    activity_type: 'view_product',
    ip_address: '192.0.2.7',
    user_agent: 'Mozilla/5.0',
    timestamp: '2025-02-08T13:08:00.123456Z',
    metadata: { session_id: '886313e1-3b8a-5372-9b90-0c9aee199e5d', platform: 'web' },
  },
}

/** A message as Pub/Sub delivers it. */
export function message(changes: Partial<Message> & { data: Buffer }): Message {
  return {
    ackId: 'ack-1',
    messageId: '1',
    publishTime: '2025-02-08T13:09:59.123Z',
    attributes: {},
    ...changes,
  }
}

/** An inventory event that is held, with a payload of a few bytes. */
export function event(changes: Partial<Event> = {}): Event {
  return {
    eventType: 'inventory',
    payload: Buffer.from('{"a":1}'),
    rawPayload: undefined,
    escapes: 2,
    errors: [],
    ackId: 'ack-1',
    messageId: '1',
    publishTime: '2025-02-08T13:09:59.123Z',
    attributes: {},
    bytes: 7,
    receivedAt: 0,
    source: 'pubsub',
    isPointer: false,
    ...changes,
  }
}
