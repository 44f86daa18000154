import { findTime, type Position, sequenceOf, settleOnMessage } from './message-log.ts'
import { release } from './leases.ts'
import { createQueue, waiting } from './queue.ts'
import { isSelected, publishedAt, type Subscription } from './subscription.ts'

/** How much a subscription has still to do. */
export type Backlog = {
  /** Messages that are not acknowledged, handed out or not. */
  unacked: number
  /** Those of them that a subscriber holds a lease on. */
  outstanding: number
}

/** Walks through the whole backlog where a filter decides what belongs to it. */
export function backlogOf(subscription: Subscription): Backlog {
  const { settings, unsettled, outstanding } = subscription
  const unread = settings.filter ? countSelected(subscription) : countUnread(subscription)
  return { unacked: unsettled + unread, outstanding }
}

/** Every message that is not acknowledged, oldest first, but for those from `next` on. */
export function unsettledPositions({ replay, deliveries, lanes }: Subscription): Position[] {
  const positions = new Set<Position>([...waiting(replay), ...deliveries.values()])
  for (const { queue } of lanes.values()) waiting(queue).forEach((each) => positions.add(each))
  return [...positions]
    .map(({ segment, index }) => ({ segment, index }))
    .toSorted((one, other) => sequenceOf(one) - sequenceOf(other))
}

/**
 * Messages published before this time are then acknowledged, later ones are not; what was acknowledged
 * comes back as far as it is retained.
 */
export function seekToTime(
  subscription: Subscription,
  time: number,
  retained: Position | undefined,
): void {
  const { next } = subscription
  const base = retained ?? next
  const older = unsettledPositions(subscription).filter(
    (position) => publishedAt(position) >= time && sequenceOf(position) < sequenceOf(base),
  )
  restart(subscription, findTime(base, time), older)
}

/** All leases end; `unsettled` is handed out anew and then everything from `next` on. */
export function restart(subscription: Subscription, next: Position, unsettled: Position[]): void {
  for (const delivery of subscription.deliveries.values()) {
    if (delivery.state === 'leased') release(subscription, delivery)
    delivery.state = 'settled'
  }
  subscription.deliveries.clear()
  subscription.lanes.clear()
  subscription.readyLanes = createQueue()
  subscription.returned = createQueue()
  subscription.unsettled = 0
  subscription.replay = createQueue([...unsettled])
  subscription.next = { ...next }
}

function countUnread({ log, next, replay }: Subscription): number {
  const { tail } = log ?? { tail: next.segment }
  const end = tail.firstSequence + tail.ends.length
  return waiting(replay).length + end - sequenceOf(next)
}

function countSelected({ settings, next, replay }: Subscription): number {
  let count = waiting(replay).filter((position) => isSelected(settings, position)).length
  for (const position = { ...next }; settleOnMessage(position); position.index++) {
    if (isSelected(settings, position)) count++
  }
  return count
}
