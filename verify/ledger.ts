import type { BigQuery } from '@google-cloud/bigquery'
import type { EventType } from '../ingest/event.ts'

/** Whose raw events are compared; the tables are quoted as SQL needs them. */
export type LedgerQuestion = {
  tables: { raw: string; ledger: string; positions: string }
  eventTypes: readonly EventType[]
  /** Publish hours, UTC: `2025-02-08T13`. */
  from?: string | undefined
  to?: string | undefined
  /** Raw events that arrived earlier have expired, but the ledger still counts them. */
  keptSince: number
  /** The overlap of Dataform's runs: later ones count an hour again for so long after its end. */
  overlapMinutes: number
}

export type LedgerAnswer = {
  /** The hour of arrival up to which the ledger is final; undefined: it has counted nothing yet. */
  countedUntil: string | undefined
  hours: LedgerHour[]
}

/** A publish hour of an event type, of all raw events that arrived in hours that are final. */
export type LedgerHour = Record<LedgerColumn, number> & {
  hour: string
  eventType: string
  /** Rows of raw_events. */
  landed: number
  example: string | null
}

/** What the ledger counts; those after the first five only where something is wrong or gone. */
export const ledgerColumns = [
  'raw_events',
  'messages',
  'typed',
  'rejected',
  'duplicates',
  'expired',
  'unaccounted',
  'booked_twice',
] as const
type LedgerColumn = (typeof ledgerColumns)[number]

const hourMs = 3_600_000

/** What the ledger says beside what raw_events holds, publish hour by publish hour. */
export async function askLedger(
  bigquery: BigQuery,
  { tables, eventTypes, from, to, keptSince, overlapMinutes }: LedgerQuestion,
): Promise<LedgerAnswer> {
  const [[position]] = await bigquery.query({
    query: `select format_timestamp(
        '%FT%H:00:00Z',
        timestamp_sub(read_until, interval @overlap minute)
      ) as counted_until
    from ${tables.positions}
    where table_name = 'ledger'`,
    params: { overlap: overlapMinutes },
  })
  if (!position) return { countedUntil: undefined, hours: [] }
  const countedUntil = String(position.counted_until)
  // Clocks of Pub/Sub and BigQuery may differ a little.
  const arrived = from === undefined ? 0 : Date.parse(`${from}:00:00Z`) - hourMs
  const first = Math.max(Math.ceil(keptSince / hourMs) * hourMs, arrived, 0)
  const [rows] = await bigquery.query({
    query: comparison(tables),
    params: {
      first: new Date(first).toISOString(),
      until: countedUntil,
      from: from === undefined ? '0001-01-01T00:00:00Z' : `${from}:00:00Z`,
      to: to === undefined ? '9999-12-31T00:00:00Z' : `${to}:00:00Z`,
      types: [...eventTypes],
    },
  })
  return { countedUntil, hours: rows }
}

function comparison({ raw, ledger }: LedgerQuestion['tables']): string {
  return `with
  landed_hours as (
    select timestamp_trunc(publish_time, hour) as publish_hour, event_type, count(*) as landed
    from ${raw}
    where
      ingest_time >= timestamp(@first)
      and ingest_time < timestamp(@until)
      and publish_time >= timestamp(@from)
      and publish_time < timestamp(@to)
      and event_type in unnest(@types)
    group by publish_hour, event_type
  ),
  counted_hours as (
    select
      publish_hour,
      event_type,
      ${ledgerColumns.map((column) => `sum(${column}) as ${column}`).join(',\n      ')},
      min(unbalanced_messages[safe_offset(0)]) as example
    from ${ledger}
    where
      ingest_date >= date(timestamp(@first))
      and ingest_hour >= timestamp(@first)
      and ingest_hour < timestamp(@until)
      and publish_hour >= timestamp(@from)
      and publish_hour < timestamp(@to)
      and event_type in unnest(@types)
    group by publish_hour, event_type
  )
select
  format_timestamp('%FT%H', publish_hour) as hour,
  event_type as eventType,
  coalesce(landed, 0) as landed,
  ${ledgerColumns.map((column) => `coalesce(${column}, 0) as ${column}`).join(',\n  ')},
  example
from
  landed_hours
  full outer join counted_hours using (publish_hour, event_type)
order by eventType, hour`
}
