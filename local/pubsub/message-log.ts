import { encodeField, encodeNumber } from './wire.ts'

/**
 * A stretch of a topic's messages, each an encoded PubsubMessage as subscribers get it. A topic knows
 * its last segment only and each segment the next one: what no subscription can reach any more is garbage.
 */
export type Segment = {
  bytes: Buffer
  /** Where each message ends; it starts where the one before ends. */
  ends: number[]
  /** Milliseconds since 1970, never smaller than the one before. */
  publishedAt: number[]
  firstSequence: number
  next: Segment | undefined
}

export type MessageLog = { tail: Segment }

/** Between two messages: the next one to read. */
export type Position = { segment: Segment; index: number }

const segmentSize = 256 * 1024

export function createLog(): MessageLog {
  return { tail: createSegment(0, 0) }
}

/** Behind the last message. */
export function endOf({ tail }: MessageLog): Position {
  return { segment: tail, index: tail.ends.length }
}

export function sequenceOf({ segment, index }: Position): number {
  return segment.firstSequence + index
}

export function startOf({ ends }: Segment, index: number): number {
  return index === 0 ? 0 : (ends[index - 1] ?? 0)
}

export function sizeOf(segment: Segment, index: number): number {
  return (segment.ends[index] ?? 0) - startOf(segment, index)
}

export function messageAt({ segment, index }: Position): Buffer {
  return segment.bytes.subarray(startOf(segment, index), segment.ends[index])
}

/** Moves over the end of a segment; false behind the last message. */
export function settleOnMessage(position: Position): boolean {
  while (position.index >= position.segment.ends.length) {
    const { next } = position.segment
    if (!next) return false
    position.segment = next
    position.index = 0
  }
  return true
}

/** The first message at or after `from` that was published at or after this time. */
export function findTime(from: Position, time: number): Position {
  const position = { ...from }
  while (settleOnMessage(position)) {
    const { publishedAt } = position.segment
    if ((publishedAt.at(-1) ?? 0) < time) {
      position.index = publishedAt.length
      continue
    }
    while ((publishedAt[position.index] ?? Infinity) < time) position.index++
    break
  }
  return position
}

/** The publish time as every message of a request carries it; nanos stand there even when 0, to override a publisher's. */
export function encodePublishTime(now: number): Buffer {
  const seconds = encodeNumber(1, Math.floor(now / 1000))
  return encodeField(4, Buffer.concat([seconds, encodeNumber(2, (now % 1000) * 1_000_000)]))
}

/**
 * Appends a message as it was published, with its id and publish time behind it: of a field that stands
 * twice, readers take the last.
 */
export function append(
  log: MessageLog,
  published: { bytes: Buffer; start: number; end: number },
  stamp: { id: string; time: Buffer; now: number },
): void {
  const { id, time, now } = stamp
  const { start, end } = published
  const size = end - start + 2 + id.length + time.length
  const segment = segmentWithRoom(log, size)
  const { bytes, ends, publishedAt } = segment

  let at = startOf(segment, ends.length)
  at += published.bytes.copy(bytes, at, start, end)
  bytes[at++] = 0x1a
  bytes[at++] = id.length
  at += bytes.write(id, at, 'latin1')
  at += time.copy(bytes, at)
  ends.push(at)
  publishedAt.push(now)
}

function segmentWithRoom(log: MessageLog, size: number): Segment {
  const { tail } = log
  const used = startOf(tail, tail.ends.length)
  if (used + size <= tail.bytes.length) return tail

  // A large message gets a segment of its own size, so that little is wasted.
  const capacity = size > segmentSize / 4 ? size : segmentSize
  log.tail = createSegment(tail.firstSequence + tail.ends.length, capacity)
  tail.next = log.tail
  return log.tail
}

function createSegment(firstSequence: number, capacity: number): Segment {
  // Not from Node's pool: a pooled slice would keep its neighbours alive.
  const bytes = Buffer.allocUnsafeSlow(capacity)
  return { bytes, ends: [], publishedAt: [], firstSequence, next: undefined }
}
