import { createWriter, writeBytes, writeEscaped, writeText, written } from './byte-writer.ts'
import type { Event } from './event.ts'

/** The file: each line is a row of `raw_events`, its payload the text that was published. */
export function encodeLines(events: readonly Event[], objectName: string): Buffer {
  const to = createWriter(expectedBytes(events))
  const ordinaryEnd = Buffer.from(`${ending('pubsub', objectName)}}\n`)
  for (const event of events) {
    const { payload, rawPayload, attributes } = event
    writeText(to, `{${identity(event)}${payload ? ',"payload":' : base64Field(rawPayload)}`)
    if (payload) writeBytes(to, payload)
    if (isOrdinary(event)) writeBytes(to, ordinaryEnd)
    else {
      const text = hasKeys(attributes) ? JSON.stringify(attributes) : undefined
      writeText(to, `${origin(event, text, objectName)}}\n`)
    }
  }
  return written(to)
}

/**
 * The body of an insertAll request: the same rows, with JSON columns as the strings of JSON that
 * insertAll expects, and each message id as the id by which BigQuery drops a repeated row.
 */
export function encodeRows(events: readonly Event[], objectName: string): Buffer {
  const to = createWriter(expectedBytes(events))
  const ordinaryEnd = Buffer.from(`"${ending('pubsub', objectName)}}}`)
  writeText(to, '{"skipInvalidRows":true,"rows":[')
  let separator = ''
  for (const event of events) {
    const { attributes, isPointer } = event
    const payload = isPointer ? undefined : event.payload
    const content = payload ? ',"payload":"' : base64Field(isPointer ? undefined : event.rawPayload)
    const id = JSON.stringify(event.messageId)
    writeText(to, `${separator}{"insertId":${id},"json":{${identity(event)}${content}`)
    if (payload) writeEscaped(to, payload)
    if (payload && isOrdinary(event)) writeBytes(to, ordinaryEnd)
    else {
      const text = hasKeys(attributes) ? JSON.stringify(JSON.stringify(attributes)) : undefined
      writeText(to, `${payload ? '"' : ''}${origin(event, text, objectName)}}}`)
    }
    separator = ','
  }
  writeText(to, ']}')
  return written(to)
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
  return `${why}${carried}${ending(source, objectName)}`
}

function ending(source: Event['source'], objectName: string): string {
  return `,"source":"${source}","object_name":"${objectName}"`
}

/** Nearly all events: what follows their payload is the same for a whole file. */
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
