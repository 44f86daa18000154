import { failInLane, settleInLane } from './lanes.ts'
import { push } from './queue.ts'
import type { Delivery, DeliveryContext, Receiver, Subscription } from './subscription.ts'

/** Lapsed leases are looked for at most this often, and for at most a tenth of the time. */
const lapseCheckEveryMs = 20
const lapseCheckShare = 10

export function lease(
  subscription: Subscription,
  delivery: Delivery,
  { receiver, now, context }: { receiver: Receiver; now: number; context: DeliveryContext },
): void {
  const { deliveries } = subscription
  if (delivery.attempt > 0) deliveries.delete(delivery.ackNumber)
  delivery.ackNumber = context.nextAckNumber()
  delivery.attempt++
  delivery.state = 'leased'
  delivery.receiver = receiver
  deliveries.set(delivery.ackNumber, delivery)
  subscription.outstanding++
  receiver.outstanding++
  receiver.outstandingBytes += delivery.size
  setDeadline(subscription, delivery, { deadline: now + receiver.leaseMs, context })
}

/**
 * False: there is nothing to acknowledge. As in Google's service an acknowledgement after the deadline
 * counts until the message is handed out again, except with exactly-once delivery.
 */
export function acknowledge(
  subscription: Subscription,
  ackNumber: number,
  context: DeliveryContext,
): boolean {
  const delivery = subscription.deliveries.get(ackNumber)
  if (!delivery || isTooLate(subscription, delivery, context)) return false

  if (delivery.state === 'leased') release(subscription, delivery)
  settle(subscription, delivery, context)
  return true
}

/** 0 seconds give the message back. False: there is no such lease. */
export function modifyDeadline(
  subscription: Subscription,
  ackNumber: number,
  { seconds, context }: { seconds: number; context: DeliveryContext },
): boolean {
  const delivery = subscription.deliveries.get(ackNumber)
  if (!delivery || isTooLate(subscription, delivery, context)) return false
  // What waits to be handed out again has no lease that could be changed.
  if (delivery.state !== 'leased') return true

  const deadline = context.alarms.clock.now() + seconds * 1_000
  if (seconds > 0) setDeadline(subscription, delivery, { deadline, context })
  else fail(subscription, delivery, context)
  return true
}

/** Takes the message back from its receiver. */
export function release(subscription: Subscription, delivery: Delivery): void {
  subscription.outstanding--
  const { receiver } = delivery
  if (!receiver) return
  receiver.outstanding--
  receiver.outstandingBytes -= delivery.size
  delivery.receiver = undefined
}

function isTooLate(
  { settings }: Subscription,
  { state, deadline }: Delivery,
  { alarms }: DeliveryContext,
): boolean {
  return settings.exactlyOnce && (state !== 'leased' || deadline <= alarms.clock.now())
}

function settle(subscription: Subscription, delivery: Delivery, context: DeliveryContext): void {
  delivery.state = 'settled'
  subscription.deliveries.delete(delivery.ackNumber)
  subscription.unsettled--
  if (delivery.lane) settleInLane(subscription, delivery.lane, context)
}

function setDeadline(
  subscription: Subscription,
  delivery: Delivery,
  { deadline, context }: { deadline: number; context: DeliveryContext },
): void {
  delivery.deadline = deadline
  if (deadline < subscription.lapseCheckAt) checkLapsesAt(subscription, deadline, context)
}

function checkLapsesAt(subscription: Subscription, time: number, context: DeliveryContext): void {
  subscription.lapseCheckAt = time
  context.alarms.at(time, () => {
    // An earlier alarm may have been set since.
    if (subscription.lapseCheckAt === time) checkLapses(subscription, context)
  })
}

/** Looks at every delivery: cheaper than to keep them in order while nearly all are acknowledged in time. */
function checkLapses(subscription: Subscription, context: DeliveryContext): void {
  const now = context.alarms.clock.now()
  const lapsed: Delivery[] = []
  let earliest = Infinity
  for (const delivery of subscription.deliveries.values()) {
    if (delivery.state !== 'leased') continue
    if (delivery.deadline <= now) lapsed.push(delivery)
    else if (delivery.deadline < earliest) earliest = delivery.deadline
  }
  subscription.lapseCheckAt = Infinity
  if (earliest < Infinity) {
    const spent = context.alarms.clock.now() - now
    const pause = Math.max(lapseCheckEveryMs, spent * lapseCheckShare)
    checkLapsesAt(subscription, Math.max(earliest, now + pause), context)
  }
  for (const delivery of lapsed) {
    // One that failed may have taken others of its ordering key along.
    if (delivery.state === 'leased') fail(subscription, delivery, context)
  }
}

/** The message was given back or its lease lapsed. */
function fail(subscription: Subscription, delivery: Delivery, context: DeliveryContext): void {
  const { deadLetter } = subscription.settings
  release(subscription, delivery)
  const isExhausted = deadLetter !== undefined && delivery.attempt >= deadLetter.maxAttempts
  if (isExhausted && context.deadLetter(subscription, delivery)) {
    settle(subscription, delivery, context)
    return
  }

  delivery.state = 'waiting'
  const { lane, ackNumber } = delivery
  const backOffMs = backOff(subscription, delivery)
  if (lane) {
    const releaseOther = (other: Delivery) => release(subscription, other)
    failInLane(subscription, delivery, { lane, release: releaseOther, backOffMs, context })
    return
  }
  const giveBack = () => {
    if (delivery.state !== 'waiting' || delivery.ackNumber !== ackNumber) return
    push(subscription.returned, delivery)
    context.wake(subscription)
  }
  if (backOffMs === 0) giveBack()
  else context.alarms.at(context.alarms.clock.now() + backOffMs, giveBack)
}

/** Without a retry policy a message comes again at once. */
function backOff({ settings: { retry } }: Subscription, { attempt }: Delivery): number {
  if (!retry) return 0
  return Math.min(retry.maximumMs, retry.minimumMs * 2 ** (attempt - 1))
}
