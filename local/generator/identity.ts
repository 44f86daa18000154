import type { ShopEvent } from './event.ts'

/** What makes an event that event: equal for the same event published again, whatever clock wrote its time. */
export function identity(event: ShopEvent): string {
  if (event.event_type === 'order') {
    return [event.order_id, event.status, instant(event.order_date)].join(' ')
  }
  if (event.event_type === 'inventory') return event.inventory_id
  const { user_id, activity_type, timestamp, metadata } = event
  return [user_id, activity_type, instant(timestamp), metadata.session_id].join(' ')
}

/** Milliseconds since 1970. */
function instant(timestamp: string): number {
  return Date.parse(timestamp)
}
