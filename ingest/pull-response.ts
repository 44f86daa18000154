import type { Message } from './event.ts'
import { readEnd, readNumber, readText, skip, type Reader } from './protobuf-reader.ts'
import { toRfc3339 } from './timestamp.ts'

// Tags of `google.pubsub.v1`: a field's number, then 0 for a number or 2 for what has a length.
const response = { receivedMessages: (1 << 3) | 2 }
const receivedMessage = { ackId: (1 << 3) | 2, message: (2 << 3) | 2 }
const pubsubMessage = {
  data: (1 << 3) | 2,
  attributes: (2 << 3) | 2,
  messageId: (3 << 3) | 2,
  publishTime: (4 << 3) | 2,
}
const mapEntry = { key: (1 << 3) | 2, value: (2 << 3) | 2 }
const timestamp = { seconds: 1 << 3, nanos: 2 << 3 }

const nothing = Buffer.alloc(0)
const noAttributes = Object.freeze({})

/**
 * The messages of a StreamingPullResponse, straight from its bytes: the objects that a general decoder
 * makes on the way cost more than all the rest of pulling.
 */
export function decodePullResponse(bytes: Buffer): Message[] {
  const messages: Message[] = []
  const from = { bytes, at: 0 }
  while (from.at < bytes.length) {
    const tag = readNumber(from)
    if (tag === response.receivedMessages) messages.push(readReceived(from, readEnd(from)))
    else skip(from, tag)
  }
  return messages
}

function readReceived(from: Reader, end: number): Message {
  const received = {
    ackId: '',
    messageId: '',
    publishTime: '',
    attributes: noAttributes,
    data: nothing,
  }
  while (from.at < end) {
    const tag = readNumber(from)
    if (tag === receivedMessage.ackId) received.ackId = readText(from)
    else if (tag === receivedMessage.message) readMessage(from, readEnd(from), received)
    else skip(from, tag)
  }
  if (!received.ackId || !received.messageId || !received.publishTime) {
    throw new Error('Pub/Sub delivered a message without an ack id, a message id or a publish time')
  }
  return received
}

function readMessage(from: Reader, end: number, received: Message): void {
  while (from.at < end) {
    const tag = readNumber(from)
    if (tag === pubsubMessage.data) received.data = readOwnBytes(from)
    else if (tag === pubsubMessage.messageId) received.messageId = readText(from)
    else if (tag === pubsubMessage.publishTime) received.publishTime = readTime(from, readEnd(from))
    else if (tag === pubsubMessage.attributes) {
      received.attributes = { ...received.attributes, ...readAttribute(from, readEnd(from)) }
    } else skip(from, tag)
  }
}

/**
 * A message that waits for its batch must not keep all of its response in memory, so it gets bytes of
 * its own.
 */
function readOwnBytes(from: Reader): Buffer {
  const { bytes } = from
  const end = readEnd(from)
  const start = from.at
  from.at = end
  const isMostOfIt = (end - start) * 2 > bytes.buffer.byteLength
  if (isMostOfIt) return bytes.subarray(start, end)
  const own = Buffer.allocUnsafe(end - start)
  bytes.copy(own, 0, start, end)
  return own
}

function readTime(from: Reader, end: number): string {
  let seconds = 0
  let nanos = 0
  while (from.at < end) {
    const tag = readNumber(from)
    if (tag === timestamp.seconds) seconds = readNumber(from)
    else if (tag === timestamp.nanos) nanos = readNumber(from)
    else skip(from, tag)
  }
  return toRfc3339(seconds, nanos)
}

function readAttribute(from: Reader, end: number): Record<string, string> {
  let key = ''
  let value = ''
  while (from.at < end) {
    const tag = readNumber(from)
    if (tag === mapEntry.key) key = readText(from)
    else if (tag === mapEntry.value) value = readText(from)
    else skip(from, tag)
  }
  return { [key]: value }
}
