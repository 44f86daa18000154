import type { EventType } from './event.ts'

/** `output/order/2025/02/08/13/09/` for the minute `2025-02-08T13:09`. */
export function folderOf(eventType: EventType, minute: string): string {
  return `output/${eventType}/${minute.replace(/[-T:]/g, '/')}/`
}

/** `output/order/2025/02/08/13/09/order_2025020813090001.json` for the first file of the minute. */
export function objectName(eventType: EventType, minute: string, number: number): string {
  const sequence = String(number).padStart(4, '0')
  return `${folderOf(eventType, minute)}${eventType}_${minute.replace(/[-T:]/g, '')}${sequence}.json`
}

/** The number in an object's name, or undefined for a name that is none of ours. */
export function numberOf(name: string): number | undefined {
  const digits = /_\d{12}(\d{4,})\.json$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
