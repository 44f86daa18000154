import { admitToLane, closeBatch, takeFromLanes } from './lanes.ts'
import { lease } from './leases.ts'
import { orderingKeyOf } from './message-fields.ts'
import { messageAt, type Position, settleOnMessage, sizeOf } from './message-log.ts'
import { shift } from './queue.ts'
import {
  type Delivery,
  type DeliveryContext,
  isSelected,
  publishedAt,
  type Receiver,
  type Subscription,
} from './subscription.ts'

/** More in one answer helps nobody, and would keep others waiting. */
const maxMessages = 1_000
const maxBytes = 512 * 1024

/** Leases to the receiver what it may have now: failed messages first, then new ones. */
export function takeMessages(
  subscription: Subscription,
  receiver: Receiver,
  context: DeliveryContext,
): Delivery[] {
  const batch: Delivery[] = []
  const now = context.alarms.clock.now()
  const horizon = now - subscription.settings.retentionMs
  let bytes = 0

  while (batch.length < maxMessages && bytes < maxBytes && hasRoom(receiver)) {
    const delivery = nextDelivery(subscription, batch, horizon)
    if (!delivery) break
    lease(subscription, delivery, { receiver, now, context })
    batch.push(delivery)
    bytes += delivery.size
  }
  closeBatch(subscription, batch)
  return batch
}

function hasRoom(receiver: Receiver): boolean {
  return (
    receiver.outstanding < receiver.maxMessages && receiver.outstandingBytes < receiver.maxBytes
  )
}

function nextDelivery(
  subscription: Subscription,
  batch: Delivery[],
  horizon: number,
): Delivery | undefined {
  return (
    nextReturned(subscription, horizon) ??
    takeFromLanes(subscription, batch, horizon) ??
    nextNew(subscription, batch, horizon)
  )
}

/** Messages that were acknowledged late, while they waited, are still in the queue. */
function nextReturned(subscription: Subscription, horizon: number): Delivery | undefined {
  for (;;) {
    const delivery = shift(subscription.returned)
    if (!delivery) return undefined
    if (delivery.state !== 'waiting') continue
    if (publishedAt(delivery) >= horizon) return delivery
    subscription.deliveries.delete(delivery.ackNumber)
    subscription.unsettled--
  }
}

function nextNew(
  subscription: Subscription,
  batch: Delivery[],
  horizon: number,
): Delivery | undefined {
  const { settings } = subscription
  for (;;) {
    const delivery = readNext(subscription)
    if (!delivery) return undefined
    if (publishedAt(delivery) < horizon || !isSelected(settings, delivery)) continue
    subscription.unsettled++
    const key = settings.ordered ? orderingKeyOf(messageAt(delivery)) : ''
    if (key === '' || admitToLane(subscription, key, delivery, batch)) return delivery
  }
}

function readNext({ replay, next }: Subscription): Delivery | undefined {
  const again = shift(replay)
  if (again) return createDelivery(again)
  if (!settleOnMessage(next)) return undefined
  const delivery = createDelivery(next)
  next.index++
  return delivery
}

function createDelivery({ segment, index }: Position): Delivery {
  return {
    segment,
    index,
    size: sizeOf(segment, index),
    ackNumber: 0,
    attempt: 0,
    state: 'waiting',
    deadline: 0,
    receiver: undefined,
    lane: undefined,
  }
}
