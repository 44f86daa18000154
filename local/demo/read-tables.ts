import { BigQuery } from '@google-cloud/bigquery'
import { location, projectId } from './names.ts'

/** A row that stands for an event; `identity` as the generator makes it. */
export type KeptRow = { event_type: string; identity: string; message_id: string }

export type Tables = {
  rawEvents: { message_id: string; event_type: string }[]
  typed: KeptRow[]
  rejected: { message_id: string; event_type: string; reasons: { code: string; path: string }[] }[]
  /** How many raw events of a type were found to be duplicates. */
  suppressed: { event_type: string; events: number }[]
  /** What the ledger counts of a type, and how many of them are in no book or in more than one. */
  ledger: { event_type: string; raw_events: number; unbalanced: number }[]
}

/** Reads from the tables what an analyst would ask them, to hold against what was published. */
export async function readTables(): Promise<Tables> {
  const bigquery = new BigQuery({ projectId })
  const [rawEvents, typed, rejected, suppressed, ledger] = await Promise.all([
    rows<Tables['rawEvents'][number]>(bigquery, rawEventsQuery),
    rows<KeptRow>(bigquery, typedQuery),
    rows<Tables['rejected'][number]>(bigquery, rejectedQuery),
    rows<Tables['suppressed'][number]>(bigquery, suppressedQuery),
    rows<Tables['ledger'][number]>(bigquery, ledgerQuery),
  ])
  return { rawEvents, typed, rejected, suppressed, ledger }
}

/** The rows of a table by its name, for people. */
export async function countRows(table: string): Promise<number> {
  const bigquery = new BigQuery({ projectId })
  const [row] = await rows<{ events: number }>(bigquery, `select count(*) as events from ${table}`)
  return row?.events ?? 0
}

async function rows<T>(bigquery: BigQuery, query: string): Promise<T[]> {
  const [found] = await bigquery.query({ query, location })
  return found as T[]
}

const rawEventsQuery = `
select message_id, event_type
from raw.raw_events
where ingest_time >= timestamp '2000-01-01'`

const typedQuery = `
select
  'order' as event_type,
  concat(order_id, ' ', status, ' ', cast(unix_millis(order_date) as string)) as identity,
  message_id
from events.orders
union all
select 'inventory' as event_type, inventory_id as identity, message_id
from events.inventory
union all
select
  'user_activity' as event_type,
  concat(
    user_id, ' ', activity_type, ' ', cast(unix_millis(timestamp) as string), ' ', metadata.session_id
  ) as identity,
  message_id
from events.user_activity`

const rejectedQuery = `
select
  message_id,
  event_type,
  array(select as struct code, path from unnest(reasons)) as reasons
from events.rejected_events`

const suppressedQuery = `
select event_type, sum(suppressed) as events
from events.duplicate_events
where ingest_time >= timestamp '2000-01-01'
group by event_type`

const ledgerQuery = `
select
  event_type,
  sum(raw_events) as raw_events,
  sum(unaccounted + booked_twice) as unbalanced
from events.ledger
group by event_type`
