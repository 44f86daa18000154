import type { BigQuery } from '@google-cloud/bigquery'
import { contentOfRow, type Row, type RowContent } from './content.ts'
import type { Span } from './span.ts'

/** The rows that name one object, by message id: a message may have several. */
export type RowsOfObject = { name: string; rows: Map<string, RowContent[]> }

export type LandedRows = {
  /** The rows that name objects of a span, object by object in the order of their names. */
  ofSpan(span: Span): AsyncGenerator<RowsOfObject>
  /** The rows of these messages, whichever object they name. */
  ofMessages(
    eventType: string,
    ids: string[],
  ): Promise<{ objectName: string; id: string; content: RowContent }[]>
  /** The rows that name no object of output/, and one of them. */
  strangers(): Promise<{ rows: number; example: string }>
}

type Group = { folder: string; rows: number; first: string; last: string }
type Part = { start: string; end: string; rows: number; first: string; last: string }

export type Limits = {
  /** What a query gives back at most, unless a single hour of a type has more. */
  rowsAQuery: number
  rowsAPage: number
}

const usualLimits: Limits = { rowsAQuery: 200_000, rowsAPage: 2_000 }
const mostIdsAQuery = 10_000

const columns = `object_name,
  message_id,
  cast(unix_micros(publish_time) as string) as publish_micros,
  event_type,
  if(payload is null, null, to_json_string(payload)) as payload,
  to_base64(raw_payload) as raw_payload,
  to_json_string(errors) as errors,
  if(attributes is null, null, to_json_string(attributes)) as attributes,
  source`
const hourFolder = String.raw`regexp_extract(object_name, r'^(output/[a-z_]+/\d{4}/\d\d/\d\d/\d\d)/')`

/** Reads `raw_events`; `since` is an ingest time before which no row can be of interest. */
export function createLandedRows(
  bigquery: BigQuery,
  table: string,
  since: string,
  limits = usualLimits,
): LandedRows {
  async function* partsOf({ start, end }: Span): AsyncGenerator<Part> {
    // A row is in its table seldom before its minute, but hours later after an outage.
    const query = `select
      ${hourFolder} as folder,
      count(*) as row_count,
      format_timestamp('%FT%H:%M:%E6SZ', min(ingest_time)) as first_ingest_time,
      format_timestamp('%FT%H:%M:%E6SZ', max(ingest_time)) as last_ingest_time
    from ${table}
    where ingest_time >= timestamp(@since) and object_name >= @start and object_name < @end
    group by folder
    having folder is not null
    order by folder`
    const [found] = await bigquery.query({ query, params: { since, start, end } })
    let part: Part | undefined
    for (const row of found) {
      const group = groupOf(row)
      const isFull = part && part.rows + group.rows > limits.rowsAQuery
      if (part && isFull) yield part
      part = part && !isFull ? joined(part, group) : partOf(group, start)
    }
    if (part) yield { ...part, end: part.end < end ? part.end : end }
  }

  async function* rowsOf({ start, end, first, last }: Part): AsyncGenerator<Row> {
    const query = `select ${columns}
    from ${table}
    where
      ingest_time between timestamp(@first) and timestamp(@last)
      and object_name >= @start
      and object_name < @end
    order by object_name`
    const params = { start, end, first, last }
    yield* pagesOf<Row>(bigquery, { query, params }, limits.rowsAPage)
  }

  return {
    async *ofSpan(span) {
      let current: RowsOfObject | undefined
      for await (const part of partsOf(span)) {
        for await (const row of rowsOf(part)) {
          if (current && current.name !== row.object_name) yield current
          if (current?.name !== row.object_name)
            current = { name: row.object_name, rows: new Map() }
          const same = current.rows.get(row.message_id)
          if (same) same.push(contentOfRow(row))
          else current.rows.set(row.message_id, [contentOfRow(row)])
        }
      }
      if (current) yield current
    },

    async ofMessages(eventType, ids) {
      const found: Row[] = []
      for (let from = 0; from < ids.length; from += mostIdsAQuery) {
        const query = `select ${columns}
        from ${table}
        where
          ingest_time >= timestamp(@since)
          and event_type = @eventType
          and message_id in unnest(@ids)`
        const params = { since, eventType, ids: ids.slice(from, from + mostIdsAQuery) }
        const [rows] = await bigquery.query({ query, params })
        found.push(...rows)
      }
      return found.map((row) => ({
        objectName: row.object_name,
        id: row.message_id,
        content: contentOfRow(row),
      }))
    },

    async strangers() {
      const query = `select count(*) as row_count, min(message_id) as example
      from ${table}
      where
        ingest_time >= timestamp(@since)
        and source != 'backfill'
        and ${hourFolder} is null`
      const [[row]] = await bigquery.query({ query, params: { since } })
      return { rows: Number(row.row_count), example: String(row.example) }
    },
  }
}

/** Page by page, which the client's own stream leaves to the size of an answer: 10 MB and more. */
async function* pagesOf<T>(
  bigquery: BigQuery,
  request: { query: string; params: Record<string, string> },
  rowsAPage: number,
): AsyncGenerator<T> {
  const [job] = await bigquery.createQueryJob(request)
  let page: object | null | undefined = { maxResults: rowsAPage, autoPaginate: false }
  while (page) {
    const [rows, next]: [T[], (object | null)?, ...unknown[]] = await job.getQueryResults(page)
    yield* rows
    page = next
  }
}

function groupOf(row: Record<string, unknown>): Group {
  return {
    folder: String(row['folder']),
    rows: Number(row['row_count']),
    first: String(row['first_ingest_time']),
    last: String(row['last_ingest_time']),
  }
}

/** `0` is the character after the slash: the end of all that lies in the folder. */
function partOf({ folder, rows, first, last }: Group, start: string): Part {
  const inside = `${folder}/`
  return { start: inside > start ? inside : start, end: `${folder}0`, rows, first, last }
}

function joined(part: Part, { folder, rows, first, last }: Group): Part {
  return {
    start: part.start,
    end: `${folder}0`,
    rows: part.rows + rows,
    first: first < part.first ? first : part.first,
    last: last > part.last ? last : part.last,
  }
}
