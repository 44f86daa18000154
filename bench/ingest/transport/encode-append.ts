import type { Event } from '../../../ingest/event.ts'

// Written by hand, so that the transport is measured with the least work that protobuf can be: a general
// encoder would make an object and a buffer of each row.
const text = (number: number) => (number << 3) | 2
const row = {
  messageId: text(1),
  publishTime: 2 << 3,
  eventType: text(3),
  payload: text(4),
  rawPayload: text(5),
  errors: text(6),
  attributes: text(7),
  source: text(8),
  objectName: text(9),
}
const most = { tagAndLength: 6, messageId: 200, publishTime: 10 }
const schemaBytes = 400

/** A target that is large enough from the start. */
type Target = { bytes: Buffer; at: number }

/** An AppendRowsRequest; with the name of the stream it is the first of its connection. */
export function encodeAppend(
  events: readonly Event[],
  objectName: string,
  writeStream?: string,
): Buffer {
  const tail = Buffer.concat([field(row.source, 'pubsub'), field(row.objectName, objectName)])
  const rows = encodeRows(events, tail)
  const first = writeStream === undefined ? [] : [field(text(1), writeStream)]
  // The real descriptor has about as many bytes; nobody here reads it.
  const schema = writeStream === undefined ? [] : [field(text(1), Buffer.alloc(schemaBytes, 0x0a))]
  const protoData = [...schema, header(text(2), rows.length), rows]
  const length = protoData.reduce((sum, part) => sum + part.length, 0)
  return Buffer.concat([...first, header(text(4), length), ...protoData])
}

function encodeRows(events: readonly Event[], tail: Buffer): Buffer {
  const to: Target = { bytes: Buffer.allocUnsafeSlow(sizeOf(events, tail)), at: 0 }
  for (const event of events) {
    const { messageId, publishTime, eventType, payload, rawPayload, errors, attributes } = event
    const extra = isOrdinary(event) ? undefined : encodeExtras(errors, attributes)
    const body = payload ?? rawPayload
    // What comes before the payload is written where it goes, two bytes of length further on.
    const start = to.at
    to.at += 4
    writeField(to, row.messageId, messageId)
    to.bytes[to.at++] = row.publishTime
    writeVarint(to, microsOf(publishTime))
    writeField(to, row.eventType, eventType)
    if (body) {
      to.bytes[to.at++] = payload ? row.payload : row.rawPayload
      writeVarint(to, body.length)
      to.at += body.copy(to.bytes, to.at)
    }
    if (extra) to.at += extra.copy(to.bytes, to.at)
    to.at += tail.copy(to.bytes, to.at)
    writeRowHeader(to.bytes, start, to.at - start - 4)
  }
  return to.bytes.subarray(0, to.at)
}

/** A length of always three bytes, which protobuf allows, so that it can be written last. */
function writeRowHeader(bytes: Buffer, at: number, length: number): void {
  if (length >= 2 ** 21) throw new Error('the benchmark has no rows of 2 MiB')
  bytes[at] = text(1)
  bytes[at + 1] = (length & 0x7f) | 0x80
  bytes[at + 2] = ((length >> 7) & 0x7f) | 0x80
  bytes[at + 3] = length >> 14
}

function isOrdinary({ errors, attributes }: Event): boolean {
  return errors.length === 0 && !hasKeys(attributes)
}

function encodeExtras(errors: Event['errors'], attributes: Event['attributes']): Buffer {
  return Buffer.concat([
    ...errors.map(({ code, path, message }) => {
      const parts = [field(text(1), code), field(text(2), path), field(text(3), message)]
      return field(row.errors, Buffer.concat(parts))
    }),
    ...(hasKeys(attributes) ? [field(row.attributes, JSON.stringify(attributes))] : []),
  ])
}

function hasKeys(attributes: Event['attributes']): boolean {
  for (const _ in attributes) return true
  return false
}

function sizeOf(events: readonly Event[], tail: Buffer): number {
  let size = 0
  for (const { payload, rawPayload, errors, attributes } of events) {
    size += (payload ?? rawPayload)?.length ?? 0
    size += tail.length + most.messageId + most.publishTime + 8 * most.tagAndLength
    if (errors.length > 0) size += encodeExtras(errors, attributes).length
    else
      for (const key in attributes) size += 6 * (key.length + (attributes[key]?.length ?? 0)) + 20
  }
  return size
}

let knownSecond = ''
let knownMicros = 0

function microsOf(publishTime: string): number {
  const second = publishTime.slice(0, 19)
  if (second !== knownSecond) {
    knownSecond = second
    knownMicros = Date.parse(`${second}Z`) * 1_000
  }
  return knownMicros + Number(publishTime.slice(20, -1).padEnd(6, '0'))
}

function writeField(to: Target, tag: number, value: string): void {
  to.bytes[to.at++] = tag
  writeVarint(to, Buffer.byteLength(value))
  to.at += to.bytes.write(value, to.at)
}

function writeVarint(to: Target, value: number): void {
  let rest = value
  while (rest >= 0x80) {
    to.bytes[to.at++] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
  }
  to.bytes[to.at++] = rest
}

function field(tag: number, value: string | Buffer): Buffer {
  const content = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([header(tag, content.length), content])
}

function header(tag: number, length: number): Buffer {
  const to: Target = { bytes: Buffer.alloc(most.tagAndLength), at: 0 }
  to.bytes[to.at++] = tag
  writeVarint(to, length)
  return to.bytes.subarray(0, to.at)
}
