import type { Event } from './event.ts'

/** A text with bytes in its middle, which is all that a line or a row is. */
type Piece = { before: string; body: Buffer; escapes: number; after: string }

const nothing = Buffer.alloc(0)
const requestHead = '{"skipInvalidRows":true,"rows":['
const requestTail = ']}'

/** The file: each line is a row of `raw_events`, its payload the text that was published. */
export function encodeLines(events: readonly Event[], objectName: string): Buffer {
  return concatenate(
    events.map((event) => {
      const { payload, rawPayload, attributes } = event
      const content = payload ? ',"payload":' : base64Field(rawPayload)
      const text = hasKeys(attributes) ? JSON.stringify(attributes) : undefined
      return {
        before: `{${identity(event)}${content}`,
        body: payload ?? nothing,
        escapes: 0,
        after: `${origin(event, text, objectName)}}\n`,
      }
    }),
  )
}

/**
 * The body of an insertAll request: the same rows, with JSON columns as the strings of JSON that
 * insertAll expects, and each message id as the id by which BigQuery drops a repeated row.
 */
export function encodeRows(events: readonly Event[], objectName: string): Buffer {
  return concatenate([
    { before: requestHead, body: nothing, escapes: 0, after: '' },
    ...events.map((event, index) => rowPiece(event, objectName, index === 0)),
    { before: '', body: nothing, escapes: 0, after: requestTail },
  ])
}

/** What an event takes in an insertAll request, rather too much than too little. */
export function rowBytes(event: Event): number {
  const { payload, rawPayload, escapes, errors, attributes, isPointer } = event
  let size = 700
  if (errors.length > 0) size += Buffer.byteLength(JSON.stringify(errors))
  if (hasKeys(attributes)) size += Buffer.byteLength(JSON.stringify(JSON.stringify(attributes)))
  if (isPointer) return size
  return size + (payload ? payload.length + escapes : Math.ceil((rawPayload?.length ?? 0) / 3) * 4)
}

function rowPiece(event: Event, objectName: string, isFirst: boolean): Piece {
  const { messageId, attributes, isPointer } = event
  const payload = isPointer ? undefined : event.payload
  const content = payload ? ',"payload":"' : base64Field(isPointer ? undefined : event.rawPayload)
  const text = hasKeys(attributes) ? JSON.stringify(JSON.stringify(attributes)) : undefined
  const comma = isFirst ? '' : ','
  return {
    before: `${comma}{"insertId":${JSON.stringify(messageId)},"json":{${identity(event)}${content}`,
    body: payload ?? nothing,
    escapes: payload ? event.escapes : 0,
    after: `${payload ? '"' : ''}${origin(event, text, objectName)}}}`,
  }
}

export function identity({ messageId, publishTime, eventType }: Event): string {
  const id = JSON.stringify(messageId)
  return `"message_id":${id},"publish_time":"${publishTime}","event_type":"${eventType}"`
}

function base64Field(bytes: Buffer | undefined): string {
  return bytes ? `,"raw_payload":"${bytes.toString('base64')}"` : ''
}

export function origin(
  { errors, source }: Event,
  attributes: string | undefined,
  objectName: string,
): string {
  const why = errors.length > 0 ? `,"errors":${JSON.stringify(errors)}` : ''
  const carried = attributes === undefined ? '' : `,"attributes":${attributes}`
  return `${why}${carried},"source":"${source}","object_name":"${objectName}"`
}

function hasKeys(attributes: Record<string, string>): boolean {
  for (const _ in attributes) return true
  return false
}

function concatenate(pieces: Piece[]): Buffer {
  let size = 0
  for (const { before, body, escapes, after } of pieces) {
    size += Buffer.byteLength(before) + body.length + escapes + Buffer.byteLength(after)
  }
  const bytes = Buffer.allocUnsafe(size)
  let at = 0
  for (const { before, body, escapes, after } of pieces) {
    at += bytes.write(before, at)
    at = escapes > 0 ? escapeInto(bytes, at, body) : at + body.copy(bytes, at)
    at += bytes.write(after, at)
  }
  if (at !== size) throw new Error(`encoded ${at} bytes where ${size} were counted`)
  return bytes
}

/** Copies a JSON text as the inside of a JSON string. Its only control characters are blanks. */
function escapeInto(target: Buffer, start: number, text: Buffer): number {
  let at = start
  for (let i = 0; i < text.length; i++) {
    const byte = text[i] ?? 0
    if (byte === 0x22 || byte === 0x5c) target[at++] = 0x5c
    target[at++] = byte < 0x20 ? 0x20 : byte
  }
  return at
}
