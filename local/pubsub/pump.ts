import type { DeliveryContext, Receiver, Subscription } from './subscription.ts'
import { takeMessages } from './take-messages.ts'

/** Hands out once what several publishes and acknowledgements of one moment made possible. */
export function pumpSoon(subscription: Subscription, context: DeliveryContext): void {
  if (subscription.pumping || subscription.receivers.length === 0) return
  subscription.pumping = true
  context.alarms.clock.soon(() => {
    subscription.pumping = false
    pump(subscription, context)
  })
}

export function addReceiver(subscription: Subscription, receiver: Receiver): void {
  subscription.receivers.push(receiver)
}

/** Its leases go on until they lapse, as in Google's service. */
export function removeReceiver(subscription: Subscription, receiver: Receiver): void {
  subscription.receivers = subscription.receivers.filter((other) => other !== receiver)
}

/** Serves the receivers in turn until none can take more or nothing is left. */
export function pump(subscription: Subscription, context: DeliveryContext): void {
  let idle = 0
  while (idle < subscription.receivers.length) {
    const { receivers, turn } = subscription
    const receiver = receivers[turn % receivers.length]
    subscription.turn = turn + 1
    const batch = receiver?.isReady() ? takeMessages(subscription, receiver, context) : []
    if (batch.length > 0) receiver?.send(batch)
    idle = batch.length > 0 ? 0 : idle + 1
  }
}
