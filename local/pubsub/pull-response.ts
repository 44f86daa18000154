import { ackIdSize, ackIdText, writeAckId } from './ack-ids.ts'
import { startOf } from './message-log.ts'
import type { Delivery, Settings } from './subscription.ts'
import { encodeField, encodeNumber, varintSize, writeVarint } from './wire.ts'

/**
 * The messages as field 1, ReceivedMessage, of a PullResponse or StreamingPullResponse. They are copied as
 * they lie in the topic, never decoded.
 */
export function encodeReceivedMessages(deliveries: Delivery[], settings: Settings): Buffer {
  // Google's service tells the attempt only where a dead-letter policy counts it.
  const tellsAttempt = settings.deadLetter !== undefined
  let size = 0
  for (const delivery of deliveries) {
    const inner = receivedSize(delivery, tellsAttempt)
    size += 1 + varintSize(inner) + inner
  }
  const bytes = Buffer.allocUnsafeSlow(size)
  let at = 0
  for (const delivery of deliveries) at = writeReceived(bytes, at, { delivery, tellsAttempt })
  return bytes
}

/** Which promises the subscription makes, as each stream is told at its start. */
export function encodeSubscriptionProperties({ exactlyOnce, ordered }: Settings): Buffer {
  const flags = [encodeNumber(1, Number(exactlyOnce)), encodeNumber(2, Number(ordered))]
  return encodeField(4, Buffer.concat(flags))
}

/** What became of acknowledgements (field 5) or deadline changes (field 3) under exactly-once delivery. */
export function encodeConfirmation(
  kind: 'acknowledge' | 'modifyDeadline',
  { done, failed }: { done: number[]; failed: number[] },
): Buffer {
  const ids = [
    ...done.map((ackNumber) => encodeField(1, ackIdText(ackNumber))),
    ...failed.map((ackNumber) => encodeField(2, ackIdText(ackNumber))),
  ]
  return encodeField(kind === 'acknowledge' ? 5 : 3, Buffer.concat(ids))
}

function receivedSize({ size, attempt }: Delivery, tellsAttempt: boolean): number {
  const attemptSize = tellsAttempt ? 1 + varintSize(attempt) : 0
  return 2 + ackIdSize + 1 + varintSize(size) + size + attemptSize
}

function writeReceived(
  bytes: Buffer,
  start: number,
  { delivery, tellsAttempt }: { delivery: Delivery; tellsAttempt: boolean },
): number {
  const { segment, index, size, ackNumber, attempt } = delivery
  let at = start
  bytes[at++] = 0x0a
  at = writeVarint(bytes, at, receivedSize(delivery, tellsAttempt))
  bytes[at++] = 0x0a
  bytes[at++] = ackIdSize
  at = writeAckId(bytes, at, ackNumber)
  bytes[at++] = 0x12
  at = writeVarint(bytes, at, size)
  at += segment.bytes.copy(bytes, at, startOf(segment, index), segment.ends[index])
  if (!tellsAttempt) return at
  bytes[at++] = 0x18
  return writeVarint(bytes, at, attempt)
}
