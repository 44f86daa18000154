import { createQueue, peek, push, shift, waiting } from './queue.ts'
import {
  type Delivery,
  type DeliveryContext,
  type Lane,
  publishedAt,
  type Subscription,
} from './subscription.ts'

/**
 * A new message of an ordering key. True: it may go out with this answer; false: it waits until those
 * before it are acknowledged.
 */
export function admitToLane(
  subscription: Subscription,
  key: string,
  delivery: Delivery,
  batch: Delivery[],
): boolean {
  let lane = subscription.lanes.get(key)
  if (!lane) {
    lane = { key, queue: createQueue(), run: [], batch, open: 0, notBefore: 0 }
    subscription.lanes.set(key, lane)
  }
  delivery.lane = lane
  if (lane.batch !== batch || peek(lane.queue)) {
    push(lane.queue, delivery)
    return false
  }
  join(lane, delivery)
  return true
}

/** The next message of a lane whose run is over. */
export function takeFromLanes(
  subscription: Subscription,
  batch: Delivery[],
  horizon: number,
): Delivery | undefined {
  for (;;) {
    const lane = peek(subscription.readyLanes)
    if (!lane) return undefined
    const delivery = shift(lane.queue)
    if (!delivery) {
      shift(subscription.readyLanes)
      dropIfEmpty(subscription, lane)
      continue
    }
    if (publishedAt(delivery) >= horizon) {
      lane.batch = batch
      join(lane, delivery)
      return delivery
    }
    subscription.unsettled--
  }
}

/** The answer is full: a lane that it leaves half empty must not go on with another one. */
export function closeBatch({ readyLanes }: Subscription, batch: Delivery[]): void {
  if (peek(readyLanes)?.batch === batch) shift(readyLanes)
}

/** The message is acknowledged; after the last of its run the next run may start. */
export function settleInLane(
  subscription: Subscription,
  lane: Lane,
  context: DeliveryContext,
): void {
  lane.open--
  if (lane.open === 0) finishRun(subscription, lane, context)
}

/**
 * The message failed: it comes again, and after it everything of its key that was handed out behind it,
 * even what is acknowledged, as Google's service does it.
 */
export function failInLane(
  subscription: Subscription,
  delivery: Delivery,
  { lane, release, backOffMs, context }: LaneFailure,
): void {
  const again = lane.run.splice(lane.run.indexOf(delivery))
  for (const each of again) {
    if (each.state === 'settled') subscription.unsettled++
    else lane.open--
    if (each.state === 'leased') release(each)
    subscription.deliveries.delete(each.ackNumber)
    each.state = 'waiting'
  }
  lane.queue = createQueue([...again, ...waiting(lane.queue)])
  lane.notBefore = context.alarms.clock.now() + backOffMs
  if (lane.open === 0) finishRun(subscription, lane, context)
}

export type LaneFailure = {
  lane: Lane
  release(delivery: Delivery): void
  backOffMs: number
  context: DeliveryContext
}

function join(lane: Lane, delivery: Delivery): void {
  lane.run.push(delivery)
  lane.open++
}

function finishRun(subscription: Subscription, lane: Lane, context: DeliveryContext): void {
  lane.run = []
  lane.batch = undefined
  if (dropIfEmpty(subscription, lane)) return

  const start = () => {
    // A seek may have ended the lane since.
    if (subscription.lanes.get(lane.key) !== lane) return
    push(subscription.readyLanes, lane)
    context.wake(subscription)
  }
  if (lane.notBefore <= context.alarms.clock.now()) start()
  else context.alarms.at(lane.notBefore, start)
}

function dropIfEmpty(subscription: Subscription, lane: Lane): boolean {
  const isEmpty = lane.open === 0 && !peek(lane.queue)
  if (isEmpty) subscription.lanes.delete(lane.key)
  return isEmpty
}
