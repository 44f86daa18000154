import { readAckId } from './ack-ids.ts'
import { invalidArgument } from './status-error.ts'
import { type Reader, readEnd, reader, readInteger, readString, readVarint, skip } from './wire.ts'

/** Acknowledge and ModifyAckDeadline, their ack ids as numbers. */
export type AckRequest = {
  subscription: string
  ackNumbers: number[]
  seconds: number
  badAckId: string | undefined
}

export type StreamingPullRequest = {
  subscription: string
  ackNumbers: number[]
  deadlines: { ackNumbers: number[]; seconds: number[] }
  streamAckDeadlineSeconds: number
  maxOutstandingMessages: number
  maxOutstandingBytes: number
  badAckId: string | undefined
}

const maxRequestBytes = 524_288
/** What an ack id of Google's service takes in a request, as its clients reckon; ours are far shorter. */
const realAckIdBytes = 184

/** Field 2 of an AcknowledgeRequest and field 4 of a ModifyAckDeadlineRequest hold the ack ids. */
export function decodeAckRequest(bytes: Buffer, ackIdsField: 2 | 4): AckRequest {
  const request: AckRequest = { subscription: '', ackNumbers: [], seconds: 0, badAckId: undefined }
  const from = reader(bytes)
  while (from.at < from.end) {
    const tag = readVarint(from)
    if (tag === 0x0a) request.subscription = readString(from)
    else if (tag === ackIdsField * 8 + 2) readAckIdInto(request.ackNumbers, from, request)
    else if (tag === 0x18) request.seconds = readInteger(from)
    else skip(from, tag)
  }
  return request
}

/**
 * A request that Google's service would refuse for its size is refused here too, though with our short
 * ack ids it is small enough: else it would fail for the first time in the cloud.
 */
export function checkAckRequest({ ackNumbers, badAckId }: AckRequest): void {
  checkAckIds({ badAckId })
  if (ackNumbers.length === 0) throw invalidArgument('The request must hold at least one ack ID.')
  if (ackNumbers.length * realAckIdBytes <= maxRequestBytes) return
  throw invalidArgument(
    `Request payload size exceeds the limit: ${maxRequestBytes} bytes (${ackNumbers.length} ack IDs ` +
      `of about ${realAckIdBytes} bytes).`,
  )
}

export function checkAckIds({ badAckId }: { badAckId: string | undefined }): void {
  if (badAckId === undefined) return
  throw invalidArgument(`You have passed an invalid ack ID to the service (ack_id=${badAckId}).`)
}

export function decodeStreamingPullRequest(bytes: Buffer): StreamingPullRequest {
  const request: StreamingPullRequest = {
    subscription: '',
    ackNumbers: [],
    deadlines: { ackNumbers: [], seconds: [] },
    streamAckDeadlineSeconds: 0,
    maxOutstandingMessages: 0,
    maxOutstandingBytes: 0,
    badAckId: undefined,
  }
  const { ackNumbers, deadlines } = request
  const from = reader(bytes)
  while (from.at < from.end) {
    const tag = readVarint(from)
    if (tag === 0x12) readAckIdInto(ackNumbers, from, request)
    else if (tag === 0x1a) readPacked(deadlines.seconds, from)
    else if (tag === 0x18) deadlines.seconds.push(readInteger(from))
    else if (tag === 0x22) readAckIdInto(deadlines.ackNumbers, from, request)
    else if (tag === 0x0a) request.subscription = readString(from)
    else if (tag === 0x28) request.streamAckDeadlineSeconds = readInteger(from)
    else if (tag === 0x38) request.maxOutstandingMessages = readInteger(from)
    else if (tag === 0x40) request.maxOutstandingBytes = readInteger(from)
    else skip(from, tag)
  }
  return request
}

function readPacked(numbers: number[], from: Reader): void {
  const end = readEnd(from)
  while (from.at < end) numbers.push(readInteger(from))
}

function readAckIdInto(
  numbers: number[],
  from: Reader,
  request: { badAckId: string | undefined },
): void {
  const end = readEnd(from)
  const ackNumber = readAckId(from.bytes, from.at, end)
  if (ackNumber < 0) request.badAckId ??= from.bytes.toString('utf8', from.at, end)
  numbers.push(ackNumber)
  from.at = end
}
