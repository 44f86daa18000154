import type { Contract } from '../includes/contracts.js'

/** Why an event is rejected: a code to count by, a JSON pointer into the event, a sentence. */
export type EventError = { code: string; path: string; message: string }

/** The names that may enter an object path; whatever is none of the contracts' is `unknown`. */
export type EventType = Contract['eventType'] | 'unknown'

/** What an event is found to be. Exactly one of `payload` and `rawPayload` is there. */
export type Classified = {
  eventType: EventType
  /** The published text as one line; undefined where BigQuery's JSON would not hold it exactly. */
  payload: Buffer | undefined
  /** The published bytes, untouched. */
  rawPayload: Buffer | undefined
  /** Bytes that `payload` grows by as a JSON string. */
  escapes: number
  errors: EventError[]
}

/** One delivery of an event by Pub/Sub, as the subscription hands it over. */
export type Message = {
  ackId: string
  messageId: string
  /** RFC 3339, UTC, with `Z`. */
  publishTime: string
  attributes: Record<string, string>
  data: Buffer
}

/** A classified message that is held until it has landed or is given back. */
export type Event = Classified & {
  ackId: string
  messageId: string
  publishTime: string
  attributes: Record<string, string>
  /** What it counts for flow control, which is what was published. */
  bytes: number
  receivedAt: number
  /** How it came: straight from Pub/Sub, or landed again because it keeps its contract by now. */
  source: 'pubsub' | 'revalidated'
  /** The row has neither payload: it would be too large; only the file has it. */
  isPointer: boolean
}
