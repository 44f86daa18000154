import { Metadata, status } from '@grpc/grpc-js'
import { ackIdText } from './ack-ids.ts'
import { type AckRequest, checkAckRequest } from './ack-requests.ts'
import { acknowledge, modifyDeadline } from './leases.ts'
import type { PubSub } from './pubsub.ts'
import { invalidArgument, StatusError } from './status-error.ts'
import type { Subscription } from './subscription.ts'
import { findSubscription } from './subscriptions.ts'
import { encodeField, encodeNumber } from './wire.ts'

/** Acknowledge: which ids were of no use is told to subscriptions of exactly-once delivery alone. */
export function acknowledgeAll(pubsub: PubSub, request: AckRequest): object {
  const { context } = pubsub
  const subscription = findSubscription(pubsub, request.subscription)
  checkAckRequest(request)
  const failed = request.ackNumbers.filter(
    (ackNumber) => !acknowledge(subscription, ackNumber, context),
  )
  context.wake(subscription)
  reportFailed(subscription, failed)
  return {}
}

/** ModifyAckDeadline of several messages; zero gives a message back at once. */
export function modifyAllDeadlines(pubsub: PubSub, request: AckRequest): object {
  const { context } = pubsub
  const { ackNumbers, seconds } = request
  const subscription = findSubscription(pubsub, request.subscription)
  checkAckRequest(request)
  if (seconds < 0 || seconds > 600) {
    throw invalidArgument(`Invalid ack deadline given: ${seconds}s. It must be from 0s to 600s.`)
  }
  const failed = ackNumbers.filter(
    (ackNumber) => !modifyDeadline(subscription, ackNumber, { seconds, context }),
  )
  context.wake(subscription)
  reportFailed(subscription, failed)
  return {}
}

/**
 * What is not leased any more is passed over in silence, except with exactly-once delivery: there clients
 * look into the details of the error for each ack id.
 */
function reportFailed({ settings }: Subscription, failed: number[]): void {
  if (!settings.exactlyOnce || failed.length === 0) return

  const code = status.INVALID_ARGUMENT
  const message =
    'Some acknowledgement ids in the request were invalid. This could be because the ' +
    'acknowledgement ids have expired or the acknowledgement ids were malformed.'
  const metadata = new Metadata()
  metadata.add('grpc-status-details-bin', encodeDetails(code, message, failed))
  throw new StatusError(code, message, metadata)
}

/** A google.rpc.Status with one google.rpc.ErrorInfo. */
function encodeDetails(code: number, message: string, failed: number[]): Buffer {
  const outcomes = failed.map((ackNumber) => [
    encodeField(1, ackIdText(ackNumber)),
    encodeField(2, 'PERMANENT_FAILURE_INVALID_ACK_ID'),
  ])
  const errorInfo = Buffer.concat([
    encodeField(1, 'EXACTLY_ONCE_ACKID_FAILURE'),
    encodeField(2, 'pubsub.googleapis.com'),
    ...outcomes.map((entry) => encodeField(3, Buffer.concat(entry))),
  ])
  const any = Buffer.concat([
    encodeField(1, 'type.googleapis.com/google.rpc.ErrorInfo'),
    encodeField(2, errorInfo),
  ])
  return Buffer.concat([encodeNumber(1, code), encodeField(2, message), encodeField(3, any)])
}
