import type { PubSub } from './pubsub.ts'
import { encodeReceivedMessages } from './pull-response.ts'
import { addReceiver, pump, removeReceiver } from './pump.ts'
import { invalidArgument } from './status-error.ts'
import type { Receiver } from './subscription.ts'
import { findAttached } from './subscriptions.ts'

/** As Google's service, a pull waits for a first message, but not for ever. */
const patienceMs = 10_000

export type PullRequest = {
  subscription?: string
  maxMessages?: number
  returnImmediately?: boolean
}

export type PullCall = {
  /** Called once; afterwards the pull takes no more messages. */
  answer(bytes: Buffer): void
  fail(error: Error): void
  onCancel(run: () => void): void
}

/** Answers with at least one message as soon as there is one. */
export function pull(pubsub: PubSub, request: PullRequest, call: PullCall): void {
  const { maxMessages = 0, returnImmediately = false } = request
  const subscription = findAttached(pubsub, request.subscription)
  if (maxMessages <= 0) {
    throw invalidArgument(
      'You have passed an invalid argument to the service (argument=max_messages).',
    )
  }
  let isOver = false
  const finish = (then: () => void) => {
    if (isOver) return
    isOver = true
    removeReceiver(subscription, receiver)
    then()
  }
  const receiver: Receiver = {
    leaseMs: subscription.settings.leaseMs,
    maxMessages,
    maxBytes: Infinity,
    outstanding: 0,
    outstandingBytes: 0,
    isReady: () => !isOver,
    send: (deliveries) =>
      finish(() => call.answer(encodeReceivedMessages(deliveries, subscription.settings))),
    end: (error) => finish(() => call.fail(error)),
  }

  addReceiver(subscription, receiver)
  call.onCancel(() => finish(() => {}))
  pump(subscription, pubsub.context)
  const giveUp = () => finish(() => call.answer(Buffer.alloc(0)))
  if (returnImmediately) giveUp()
  else pubsub.alarms.at(pubsub.alarms.clock.now() + patienceMs, giveUp)
}
