import type { BigQuery } from '@google-cloud/bigquery'
import { quotedTable } from '../command/environment.ts'
import type { Options } from './options.ts'

/** A rejected event that has not entered its table since. */
export type OpenRejection = {
  messageId: string
  /** Publish minute, UTC: `2025-02-08T13:09`. */
  minute: string
  /** The file that holds its line; undefined where none is known. */
  objectName: string | undefined
  codes: string[]
  /** It keeps its contract by a later raw event, which waits for the next run of Dataform. */
  hasLanded: boolean
}

/** Reasons that no contract has given, so that none can take them back. */
export const lastingCodes: readonly string[] = [
  'untypable',
  'event_time_too_old',
  'event_time_in_future',
  'row_too_large',
  'refused_by_bigquery',
]

type Row = {
  message_id: string
  minute: string
  object_name: string | null
  codes: string[]
  has_landed: boolean
}

/** The open rejections in the order of their publication. */
export async function readOpenRejections(
  bigquery: BigQuery,
  { projectId, rejectedTable, rawTable, since, codes }: Options,
): Promise<OpenRejection[]> {
  const [rows]: [Row[], ...unknown[]] = await bigquery.query({
    query: queryOf(quotedTable(projectId, rejectedTable), quotedTable(projectId, rawTable)),
    params: { since: since ?? new Date(0), codes, lasting_codes: lastingCodes },
    types: { since: 'TIMESTAMP', codes: ['STRING'], lasting_codes: ['STRING'] },
  })
  return rows.map(({ message_id, minute, object_name, codes: found, has_landed }) => ({
    messageId: message_id,
    minute,
    objectName: object_name ?? undefined,
    codes: found,
    hasLanded: has_landed,
  }))
}

/** Only raw events since the first of these rejections are read, and of them no payload. */
function queryOf(rejectedTable: string, rawTable: string): string {
  return `
declare first_arrival default (
  select min(ingest_time)
  from ${rejectedTable}
  where
    closed_time is null
    and publish_date >= date(@since)
    and not exists (select 1 from unnest(reasons) where code in unnest(@lasting_codes))
);

with
  open_rejections as (
    select
      message_id,
      publish_time,
      object_name,
      array(select distinct code from unnest(reasons)) as codes
    from ${rejectedTable}
    where closed_time is null and publish_date >= date(@since) and publish_time >= @since
  ),
  landed_messages as (
    select distinct message_id, true as has_landed
    from ${rawTable}
    where
      ingest_time >= coalesce(first_arrival, current_timestamp())
      and array_length(errors) = 0
      and event_type != 'unknown'
  )
select
  message_id,
  format_timestamp('%FT%H:%M', publish_time) as minute,
  object_name,
  codes,
  coalesce(has_landed, false) as has_landed
from
  open_rejections
  left join landed_messages using (message_id)
where
  array_length(@codes) = 0
  or exists (select 1 from unnest(codes) as code where code in unnest(@codes))
order by publish_time, message_id`
}
