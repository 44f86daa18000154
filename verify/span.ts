import { UsageError } from '../command/command.ts'
import type { EventType } from '../ingest/event.ts'

/** Names from `start` up to but not including `end`; both begin with `prefix`. */
export type Span = { prefix: string; start: string; end: string }

export type SpanOptions = {
  eventTypes: readonly EventType[]
  /** Publish hours, UTC: `2025-02-08T13`. */
  from?: string
  to?: string
}

const hour = /^\d{4}-\d\d-\d\dT\d\d$/

/** The parts of output/ that are asked for, in the order of names; all of it, strangers too, without options. */
export function spansOf(
  { eventTypes, from, to }: SpanOptions,
  allTypes: readonly EventType[],
): Span[] {
  if (from === undefined && to === undefined && eventTypes.length === allTypes.length) {
    return [{ prefix: 'output/', start: 'output/', end: 'output0' }]
  }
  if (from !== undefined && to !== undefined && from >= to) {
    throw new UsageError(`--from ${from} must be an hour before --to ${to}`)
  }
  return eventTypes.map((eventType) => {
    const prefix = `output/${eventType}/`
    return {
      prefix,
      start: from === undefined ? prefix : prefix + folderOfHour('from', from),
      end: to === undefined ? `output/${eventType}0` : prefix + folderOfHour('to', to),
    }
  })
}

function folderOfHour(option: string, text: string): string {
  if (hour.test(text) && Number.isFinite(Date.parse(`${text}:00Z`))) {
    return `${text.replace(/[-T]/g, '/')}/`
  }
  throw new UsageError(
    `--${option} must be an hour of publication in UTC such as 2025-02-08T13, not '${text}'`,
  )
}
