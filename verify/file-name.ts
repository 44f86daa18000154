import { objectName } from '../ingest/object-name.ts'
import type { EventType } from '../ingest/event.ts'
import { readContracts } from '../ingest/read-contracts.ts'

/** What the name of a landed file says. */
export type FileName = {
  eventType: EventType
  /** Publish minute, UTC: `2025-02-08T13:09`. */
  minute: string
  /** Counts from 1 within the minute. */
  number: number
}

const form = /^output\/([a-z_]+)\/.*_(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d{4,})\.json$/

/** The event types that have a folder under output/, in the order of names. */
export function knownEventTypes(): EventType[] {
  const types: EventType[] = readContracts().map(({ eventType }) => eventType)
  return [...types, 'unknown' as const].toSorted()
}

/** Undefined where the ingester gives no file such a name: another type, folder, date or number. */
export function readFileName(
  name: string,
  eventTypes: readonly EventType[] = knownEventTypes(),
): FileName | undefined {
  const [, type, year, month, day, hour, minuteOfHour, digits] = form.exec(name) ?? []
  const eventType = eventTypes.find((known) => known === type)
  const minute = `${year}-${month}-${day}T${hour}:${minuteOfHour}`
  const number = Number(digits)
  if (!eventType || number < 1 || !isMinute(minute)) return undefined
  return name === objectName(eventType, minute, number) ? { eventType, minute, number } : undefined
}

function isMinute(text: string): boolean {
  const time = Date.parse(`${text}:00.000Z`)
  return Number.isFinite(time) && new Date(time).toISOString().startsWith(text)
}
