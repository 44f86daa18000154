import { invalidArgument } from './status-error.ts'
import { type Reader, readEnd, reader, readString, readVarint, skip } from './wire.ts'

/** A PublishRequest whose messages stay encoded: `ends[i]` is where message i ends, `starts[i]` where it starts. */
export type PublishRequest = { bytes: Buffer; topic: string; starts: number[]; ends: number[] }

const maxMessages = 1_000
const maxBytes = 10_000_000
const maxAttributes = 100
const maxKeyBytes = 256
const maxValueBytes = 1_024

export function decodePublishRequest(bytes: Buffer): PublishRequest {
  const request: PublishRequest = { bytes, topic: '', starts: [], ends: [] }
  const from = reader(bytes)
  while (from.at < from.end) {
    const tag = readVarint(from)
    if (tag === 0x0a) request.topic = readString(from)
    else if (tag === 0x12) {
      const end = readEnd(from)
      request.starts.push(from.at)
      request.ends.push(end)
      from.at = end
    } else skip(from, tag)
  }
  return request
}

/** Refuses what Google refuses of a request, in its words where they are known. */
export function checkPublishRequest({ bytes, starts, ends }: PublishRequest): void {
  if (starts.length === 0) {
    throw invalidArgument('The value for message_count is too small. You passed 0 in the request.')
  }
  checkLimit('message_count', starts.length, maxMessages)
  checkLimit('request_size', bytes.length, maxBytes)
  let firstKey: string | undefined
  for (let i = 0; i < starts.length; i++) {
    const key = checkMessage(reader(bytes, starts[i], ends[i]))
    firstKey ??= key
    if (key === firstKey) continue
    throw invalidArgument(
      'In a single publish request, all messages must have the same ordering key.',
    )
  }
}

/** Returns the ordering key. */
function checkMessage(from: Reader): string {
  let hasData = false
  let attributes = 0
  let orderingKey = ''
  while (from.at < from.end) {
    const tag = readVarint(from)
    if (tag === 0x0a) {
      const end = readEnd(from)
      hasData ||= end > from.at
      from.at = end
    } else if (tag === 0x12) {
      attributes++
      checkAttribute(from)
    } else if (tag === 0x2a) orderingKey = readString(from)
    else skip(from, tag)
  }
  if (!hasData && attributes === 0) {
    throw invalidArgument(
      'One or more messages in the publish request is empty. Each message must contain either ' +
        'non-empty data, or at least one attribute.',
    )
  }
  checkLimit('attribute_count', attributes, maxAttributes)
  checkLimit('ordering_key_size', Buffer.byteLength(orderingKey), maxValueBytes)
  return orderingKey
}

function checkAttribute(from: Reader): void {
  const end = readEnd(from)
  const entry = reader(from.bytes, from.at, end)
  from.at = end
  let hasKey = false
  while (entry.at < entry.end) {
    const tag = readVarint(entry)
    if (tag !== 0x0a && tag !== 0x12) {
      skip(entry, tag)
      continue
    }
    const text = readString(entry)
    const size = Buffer.byteLength(text)
    if (tag === 0x12) {
      checkLimit('attribute_value_size', size, maxValueBytes)
      continue
    }
    hasKey = size > 0
    checkLimit('attribute_key_size', size, maxKeyBytes)
    if (text.startsWith('goog')) {
      throw invalidArgument(`The attribute key '${text}' must not start with 'goog'.`)
    }
  }
  if (!hasKey) throw invalidArgument('The key of an attribute must not be empty.')
}

function checkLimit(name: string, value: number, limit: number): void {
  if (value <= limit) return
  throw invalidArgument(
    `The value for ${name} is too large. You passed ${value} in the request, ` +
      `but the maximum value is ${limit}.`,
  )
}
