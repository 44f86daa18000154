import {
  createWriter,
  writeBytes,
  writeEscaped,
  writeText,
  written,
  type Writer,
} from './byte-writer.ts'
import type { Event } from './event.ts'

/** What lines and rows differ in. */
type Form = {
  /** Up to the bytes of the payload. */
  opening(event: Event, index: number): string
  payloadOf(event: Event): Buffer | undefined
  writePayload(to: Writer, payload: Buffer): void
  closing(event: Event): string
}

/** The file: each line is a row of `raw_events`, its payload the text that was published. */
export function encodeLines(events: readonly Event[], objectName: string): Buffer {
  const to = createWriter(expectedBytes(events))
  writeEvents(to, events, {
    opening(event) {
      const { payload, rawPayload } = event
      return `{${identity(event)}${payload ? ',"payload":' : base64Field(rawPayload)}`
    },
    payloadOf: ({ payload }) => payload,
    writePayload: writeBytes,
    closing(event) {
      const { attributes } = event
      const text = hasKeys(attributes) ? JSON.stringify(attributes) : undefined
      return `${origin(event, text, objectName)}}\n`
    },
  })
  return written(to)
}

/**
 * The body of an insertAll request: the same rows, with JSON columns as the strings of JSON that
 * insertAll expects, and each message id as the id by which BigQuery drops a repeated row.
 */
export function encodeRows(events: readonly Event[], objectName: string): Buffer {
  const to = createWriter(expectedBytes(events))
  writeText(to, '{"skipInvalidRows":true,"rows":[')
  writeEvents(to, events, {
    opening(event, index) {
      const { payload, rawPayload, isPointer } = event
      const comma = index === 0 ? '' : ','
      const content = isPointer ? '' : payload ? ',"payload":"' : base64Field(rawPayload)
      const id = JSON.stringify(event.messageId)
      return `${comma}{"insertId":${insertIdOf(event, id)},"json":{${identity(event, id)}${content}`
    },
    payloadOf: ({ payload, isPointer }) => (isPointer ? undefined : payload),
    writePayload: writeEscaped,
    closing(event) {
      const { attributes, payload, isPointer } = event
      const text = hasKeys(attributes) ? JSON.stringify(JSON.stringify(attributes)) : undefined
      return `${payload && !isPointer ? '"' : ''}${origin(event, text, objectName)}}}`
    },
  })
  writeText(to, ']}')
  return written(to)
}

/**
 * Shared by both forms also for the sake of speed: writePayload is called, as nobody knows which one it
 * is; inlined here, the loop over its bytes would have to keep its place in memory and take twice as long.
 */
function writeEvents(to: Writer, events: readonly Event[], form: Form): void {
  let ordinaryClosing: Buffer | undefined
  for (const [index, event] of events.entries()) {
    const payload = form.payloadOf(event)
    writeText(to, form.opening(event, index))
    if (payload) form.writePayload(to, payload)
    if (payload && isOrdinary(event)) {
      ordinaryClosing ??= Buffer.from(form.closing(event))
      writeBytes(to, ordinaryClosing)
    } else writeText(to, form.closing(event))
  }
}

/** A message that lands again is another row, even if BigQuery has seen it a minute ago. */
function insertIdOf({ messageId, source }: Event, id: string): string {
  return source === 'pubsub' ? id : JSON.stringify(`${source} ${messageId}`)
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

export function identity(
  { messageId, publishTime, eventType }: Event,
  id = JSON.stringify(messageId),
): string {
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

/** Nearly all events: what follows their payload is the same for all of a file. */
function isOrdinary({ errors, attributes, source }: Event): boolean {
  return errors.length === 0 && source === 'pubsub' && !hasKeys(attributes)
}

function expectedBytes(events: readonly Event[]): number {
  return events.reduce((sum, event) => sum + rowBytes(event), 0)
}

function hasKeys(attributes: Record<string, string>): boolean {
  for (const _ in attributes) return true
  return false
}
