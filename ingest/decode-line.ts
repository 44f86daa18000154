import type { Event, EventError, EventType } from './event.ts'
import { scanJson } from './scan-json.ts'
import { identity, origin } from './line.ts'

type Line = {
  message_id: string
  publish_time: string
  event_type: EventType
  raw_payload?: string
  errors?: EventError[]
  attributes?: Record<string, string>
  source: Event['source']
}

/** Undefined for a line that is not as the ingester wrote it. */
export function eventOfLine(text: string, objectName: string): Event | undefined {
  try {
    return decodeLine(text, objectName)
  } catch {
    return undefined
  }
}

/**
 * The event of a line that `encodeLines` wrote, its payload byte for byte as it stands there; any
 * other line is an error.
 */
export function decodeLine(text: string, objectName: string): Event {
  const line: Line = JSON.parse(text)
  const {
    message_id,
    publish_time,
    event_type,
    raw_payload,
    errors = [],
    attributes,
    source,
  } = line
  const rawPayload = raw_payload === undefined ? undefined : Buffer.from(raw_payload, 'base64')
  const event: Event = {
    eventType: event_type,
    payload: undefined,
    rawPayload,
    escapes: 0,
    errors,
    ackId: '',
    messageId: message_id,
    publishTime: publish_time,
    attributes: attributes ?? {},
    bytes: text.length,
    receivedAt: 0,
    source,
    isPointer: errors.some(({ code }) => code === 'row_too_large'),
  }
  if (rawPayload) return event

  const before = `{${identity(event)},"payload":`
  const carried = attributes && JSON.stringify(attributes)
  const after = `${origin(event, carried, objectName)}}`
  if (!text.startsWith(before) || !text.endsWith(after)) {
    throw new Error(`${objectName} holds a line of ${message_id} that the ingester did not write`)
  }
  const payload = Buffer.from(text.slice(before.length, text.length - after.length))
  return { ...event, payload, escapes: scanJson(payload).escapes }
}
