import {
  awkwardRawEvents,
  seededRandom,
  type ExpectedRawEvent,
  type RawEvent,
} from '../raw-events.ts'

const hour = 3_600_000
const day = 24 * hour

/** What lands before each run of the increments; a run may find nothing new. */
export type Schedule = { events: ExpectedRawEvent[]; runs: ExpectedRawEvent[][] }

/**
 * The schedule of a seed, around a midnight: of today, or of a day so old that a run does not ask
 * for it. Some schedules run every few minutes, others hours apart.
 */
export function scheduleOf(seed: number, now: number): Schedule {
  const random = seededRandom(seed)
  const today = now - (now % day)
  const midnight = seed % 3 === 0 ? today - 30 * day : today
  const start = midnight - 4 * hour
  const events = awkwardRawEvents(random, start, 60)

  const longestPause = (1 + 5 * random()) * hour
  const waiting = events.toSorted((a, b) => a.visibleAt - b.visibleAt)
  const runs: ExpectedRawEvent[][] = []
  for (let time = start; waiting.length > 0; time += random() * longestPause) {
    const later = waiting.findIndex(({ visibleAt }) => visibleAt > time)
    runs.push(waiting.splice(0, later < 0 ? waiting.length : later))
  }
  return { events, runs }
}

const rank = ({ row, table }: ExpectedRawEvent) =>
  row.ingest_time +
  (table === 'rejected_events' ? row.object_name : `${row.message_id} ${row.source}`)

/** The first raw event of each identity, as `kept_events` has to show it: the models' rule, said again. */
export function firstOnes(events: ExpectedRawEvent[]): string[] {
  return byIdentity(events).map(
    ([{ table, row }]) => `${table} ${row.message_id} ${row.ingest_time}`,
  )
}

/** Each other raw event with the reason why it is suppressed: the models' rule, said again. */
export function explainedOnes(events: ExpectedRawEvent[]): string[] {
  return byIdentity(events).flatMap(([first, ...others]) =>
    others.map(({ table, row }) =>
      [table, row.message_id, row.ingest_time, reasonOf(row, first)].join(' '),
    ),
  )
}

function reasonOf(row: RawEvent, { table, row: kept }: ExpectedRawEvent): string {
  if (table !== 'rejected_events' && meaningOf(row) !== meaningOf(kept)) return 'conflict'
  if ([row.source, kept.source].includes('backfill')) return 'backfill'
  return row.message_id === kept.message_id ? 'redelivered' : 'repeated'
}

/** A payload whose times are told apart by what they mean, not by their offset. */
function meaningOf({ payload }: RawEvent): string {
  return JSON.stringify(JSON.parse(payload), (key, value) =>
    key === 'order_date' || key === 'timestamp' ? Date.parse(value) : value,
  )
}

/** The raw events of each identity, the one that is kept before all others. */
function byIdentity(events: ExpectedRawEvent[]): [ExpectedRawEvent, ...ExpectedRawEvent[]][] {
  const groups = new Map<string, [ExpectedRawEvent, ...ExpectedRawEvent[]]>()
  for (const event of events.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))) {
    const key = `${event.table} ${event.identity}`
    const group = groups.get(key)
    if (group) group.push(event)
    else groups.set(key, [event])
  }
  return [...groups.values()]
}

/** The rejections that close, by the first raw event of their message since that enters a table. */
export function closedOnes(events: ExpectedRawEvent[]): string[] {
  const rejections = new Map<string, string>()
  for (const { table, row } of events) {
    const known = rejections.get(row.message_id) ?? row.ingest_time
    if (table !== 'rejected_events' || row.ingest_time > known) continue
    rejections.set(row.message_id, row.ingest_time)
  }
  return [...rejections].flatMap(([message_id, since]) => {
    const closings = events
      .filter(({ table, row }) => table !== 'rejected_events' && row.message_id === message_id)
      .filter(({ row }) => row.ingest_time >= since)
      .map(({ row }) => `${message_id} ${row.ingest_time} ${row.source}`)
    return closings.toSorted().slice(0, 1)
  })
}

/** What the ledger has to count of each event type: a message where it landed first. */
export function landedOnes(events: ExpectedRawEvent[]): string[] {
  const types = Map.groupBy(events, ({ row }) => row.event_type)
  const first = new Map<string, ExpectedRawEvent['row']>()
  for (const { row } of events) {
    const known = first.get(row.message_id)
    if (!known || arrival(row) < arrival(known)) first.set(row.message_id, row)
  }
  return [...types].map(([type, of]) => {
    const messages = [...first.values()].filter(({ event_type }) => event_type === type)
    return `${type}: ${of.length} raw events, ${messages.length} messages, 0 unaccounted, 0 booked twice`
  })
}

const arrival = ({ ingest_time, event_type }: ExpectedRawEvent['row']) => ingest_time + event_type
