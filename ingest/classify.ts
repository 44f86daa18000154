import { isUtf8 } from 'node:buffer'
import type { Validators } from './contract-validators.ts'
import type { Classified, EventError, EventType } from './event.ts'
import { scanJson, type JsonFacts } from './scan-json.ts'

/** Beyond this BigQuery's JSON type refuses a value. */
const deepestNesting = 500
/** A longer event names only the first thing that is wrong, so that a list stays a list. */
const longestForThorough = 64 * 1024

/** Says what a message is. It never throws: whatever is wrong with it becomes data. */
export function classify(data: Buffer, validators: Validators): Classified {
  if (!isUtf8(data)) return unreadable(data, 'invalid_utf8', 'the message is not valid UTF-8')
  for (const [eventType, { recognise }] of validators) {
    const escapes = recognise(data)
    if (escapes === undefined) continue
    return { eventType, payload: data, rawPayload: undefined, escapes, errors: [] }
  }
  return parseAndValidate(data, validators)
}

/** The long way, which knows everything that an event can be. */
export function parseAndValidate(data: Buffer, validators: Validators): Classified {
  const event = parse(data)
  if (event === undefined) return unreadable(data, 'invalid_json', 'the message is not JSON')
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    return unreadable(data, 'not_an_object', 'the message is not a JSON object')
  }

  const eventType = eventTypeOf(event, validators)
  const facts = scanJson(data)
  const obstacle = whyNotExact(event, facts)
  if (obstacle) {
    return { eventType, payload: undefined, rawPayload: data, escapes: 0, errors: [obstacle] }
  }

  return {
    eventType,
    payload: facts.hasLineBreaks ? withoutLineBreaks(data) : data,
    rawPayload: undefined,
    escapes: facts.escapes,
    errors: errorsOf(event, eventType, validators, data.length <= longestForThorough),
  }
}

function unreadable(data: Buffer, code: string, message: string): Classified {
  const errors = [{ code, path: '', message }]
  return { eventType: 'unknown', payload: undefined, rawPayload: data, escapes: 0, errors }
}

function parse(data: Buffer): unknown {
  try {
    return JSON.parse(data.toString())
  } catch {
    // Undefined is no JSON value, so it can say that there was none.
    return undefined
  }
}

function eventTypeOf(event: object, validators: Validators): EventType {
  const named = Object.hasOwn(event, 'event_type') && 'event_type' in event && event.event_type
  for (const eventType of validators.keys()) if (eventType === named) return eventType
  return 'unknown'
}

function errorsOf(
  event: object,
  eventType: EventType,
  validators: Validators,
  thorough: boolean,
): EventError[] {
  const validator = eventType === 'unknown' ? undefined : validators.get(eventType)
  if (validator) return validator.findErrors(event, { thorough })
  const message = `must be one of ${[...validators.keys()].join(', ')}`
  return [{ code: 'unknown_event_type', path: '/event_type', message }]
}

/** Why BigQuery's JSON type would not give back what was published, if so. */
function whyNotExact(event: object, facts: JsonFacts): EventError | undefined {
  const { depth, inexactNumber, hasLoneSurrogate, keys } = facts
  if (depth > deepestNesting) {
    return { code: 'too_deep', path: '', message: `is nested ${depth} deep, the most is 500` }
  }
  if (inexactNumber !== undefined) {
    const number = inexactNumber.length > 40 ? `${inexactNumber.slice(0, 40)}…` : inexactNumber
    const message = `the number ${number} would lose precision`
    return { code: 'inexact_number', path: '', message }
  }
  if (hasLoneSurrogate) {
    return { code: 'lone_surrogate', path: '', message: 'a \\u escape is half of a character' }
  }
  // BigQuery keeps the first, JSON.parse the last: nobody can say which one was meant.
  if (keys !== countKeys(event)) {
    return { code: 'duplicate_key', path: '', message: 'an object has the same key twice' }
  }
  return undefined
}

function countKeys(value: object): number {
  let keys = 0
  if (Array.isArray(value)) {
    for (const element of value) if (isNested(element)) keys += countKeys(element)
    return keys
  }
  // What JSON.parse makes inherits nothing that is enumerable.
  for (const key in value) {
    keys++
    const field = value[key as keyof typeof value]
    if (isNested(field)) keys += countKeys(field)
  }
  return keys
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

/** In JSON a line break can only stand between tokens, where a space means the same. */
function withoutLineBreaks(data: Buffer): Buffer {
  const line = Buffer.from(data)
  for (let i = 0; i < line.length; i++) if (line[i] === 0x0a || line[i] === 0x0d) line[i] = 0x20
  return line
}
