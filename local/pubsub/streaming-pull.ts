import type { ServerDuplexStream } from '@grpc/grpc-js'
import { checkAckIds, type StreamingPullRequest } from './ack-requests.ts'
import { acknowledge, modifyDeadline } from './leases.ts'
import type { PubSub } from './pubsub.ts'
import {
  encodeConfirmation,
  encodeReceivedMessages,
  encodeSubscriptionProperties,
} from './pull-response.ts'
import { addReceiver, removeReceiver } from './pump.ts'
import { checkLease } from './settings.ts'
import { asStatusError, invalidArgument } from './status-error.ts'
import type { Receiver, Subscription } from './subscription.ts'
import { findAttached } from './subscriptions.ts'

type Call = ServerDuplexStream<StreamingPullRequest, Buffer>

/** Sends messages while the client has room for them; takes acknowledgements and deadlines on the same stream. */
export function streamingPull(pubsub: PubSub, call: Call): void {
  let stream: { subscription: Subscription; receiver: Receiver } | undefined
  let isOver = false

  const leave = () => {
    isOver = true
    if (stream) removeReceiver(stream.subscription, stream.receiver)
  }
  const fail = (error: Error) => {
    leave()
    call.emit('error', error)
  }
  call.on('data', (request: StreamingPullRequest) => {
    // A client may have sent more before it learns that the stream is over.
    if (isOver) return
    try {
      if (stream) followUp(stream, request)
      else stream = open(pubsub, call, { request, fail })
      settleRequest(pubsub, call, { ...stream, request })
    } catch (error) {
      fail(asStatusError(error))
    }
  })
  call.on('end', () => {
    leave()
    call.end()
  })
  call.on('cancelled', leave)
  call.on('error', leave)
}

type Opening = { request: StreamingPullRequest; fail(error: Error): void }

function open(pubsub: PubSub, call: Call, { request, fail }: Opening) {
  const subscription = findAttached(pubsub, request.subscription)
  checkLease(request.streamAckDeadlineSeconds)

  let isBlocked = false
  const receiver: Receiver = {
    leaseMs: request.streamAckDeadlineSeconds * 1_000,
    maxMessages: limit(request.maxOutstandingMessages),
    maxBytes: limit(request.maxOutstandingBytes),
    outstanding: 0,
    outstandingBytes: 0,
    isReady: () => !isBlocked,
    send: (deliveries) => {
      isBlocked = !call.write(encodeReceivedMessages(deliveries, subscription.settings))
    },
    end: fail,
  }
  call.on('drain', () => {
    isBlocked = false
    pubsub.context.wake(subscription)
  })
  call.write(encodeSubscriptionProperties(subscription.settings))
  addReceiver(subscription, receiver)
  return { subscription, receiver }
}

function limit(value: number): number {
  return value > 0 ? value : Infinity
}

/** Only the first request of a stream may name the subscription and its limits. */
function followUp({ receiver }: { receiver: Receiver }, request: StreamingPullRequest): void {
  const { subscription, maxOutstandingMessages, maxOutstandingBytes } = request
  if (subscription !== '' || maxOutstandingMessages !== 0 || maxOutstandingBytes !== 0) {
    throw invalidArgument(
      'subscription, max_outstanding_messages and max_outstanding_bytes can only be set in the ' +
        'first request of a stream.',
    )
  }
  const { streamAckDeadlineSeconds } = request
  if (streamAckDeadlineSeconds === 0) return
  checkLease(streamAckDeadlineSeconds)
  receiver.leaseMs = streamAckDeadlineSeconds * 1_000
}

type Settling = { subscription: Subscription; request: StreamingPullRequest }

function settleRequest(pubsub: PubSub, call: Call, { subscription, request }: Settling): void {
  const { ackNumbers, deadlines } = request
  const { context } = pubsub
  checkAckIds(request)
  if (deadlines.ackNumbers.length !== deadlines.seconds.length) {
    throw invalidArgument(
      'modify_deadline_seconds and modify_deadline_ack_ids must be of the same length.',
    )
  }
  if (deadlines.seconds.some((seconds) => seconds < 0 || seconds > 600)) {
    throw invalidArgument('Invalid ack deadline given: it must be from 0s to 600s.')
  }

  const acknowledged = ackNumbers.map((ackNumber) => acknowledge(subscription, ackNumber, context))
  const modified = deadlines.ackNumbers.map((ackNumber, i) =>
    modifyDeadline(subscription, ackNumber, { seconds: deadlines.seconds[i] ?? 0, context }),
  )
  if (subscription.settings.exactlyOnce) {
    confirm(call, 'acknowledge', ackNumbers, acknowledged)
    confirm(call, 'modifyDeadline', deadlines.ackNumbers, modified)
  }
  context.wake(subscription)
}

function confirm(
  call: Call,
  kind: 'acknowledge' | 'modifyDeadline',
  ackNumbers: number[],
  outcomes: boolean[],
): void {
  if (ackNumbers.length === 0) return
  const done = ackNumbers.filter((_, i) => outcomes[i])
  const failed = ackNumbers.filter((_, i) => !outcomes[i])
  call.write(encodeConfirmation(kind, { done, failed }))
}
