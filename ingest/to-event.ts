import { classify } from './classify.ts'
import type { Validators } from './contract-validators.ts'
import type { Event, Message } from './event.ts'
import { rowBytes } from './line.ts'

/** BigQuery refuses a request of 10 MB; what a row needs besides its payload fits in the rest. */
export const maxRequestBytes = 9_500_000

/** Classifies a message. A row too large for BigQuery becomes a pointer to its line in the file. */
export function toEvent(message: Message, validators: Validators, receivedAt: number): Event {
  const { ackId, messageId, publishTime, attributes, data } = message
  const { eventType, payload, rawPayload, escapes, errors } = classify(data, validators)
  const event: Event = {
    eventType,
    payload,
    rawPayload,
    escapes,
    errors,
    ackId,
    messageId,
    publishTime,
    attributes,
    bytes: data.length,
    receivedAt,
    source: 'pubsub',
    isPointer: false,
  }
  if (data.length * 2 < maxRequestBytes / 2 || rowBytes(event) <= maxRequestBytes) return event

  const tooLarge = {
    code: 'row_too_large',
    path: '',
    message: 'the row would exceed 10 MB: only the line in object_name holds the event',
  }
  return { ...event, errors: [...errors, tooLarge], isPointer: true }
}

/** The same event as bytes, for a row that BigQuery refused with its payload; nothing is lost. */
export function asRefused(event: Event, reason: string): Event {
  const bytes = event.payload ?? event.rawPayload
  const refused = { code: 'refused_by_bigquery', path: '', message: reason.slice(0, 1_000) }
  const changed: Event = {
    ...event,
    payload: undefined,
    rawPayload: bytes,
    escapes: 0,
    errors: [...event.errors, refused],
  }
  return { ...changed, isPointer: event.isPointer || rowBytes(changed) > maxRequestBytes }
}
