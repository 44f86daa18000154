import { BigQuery } from '@google-cloud/bigquery'
import { location, projectId } from '../../local/demo/names.ts'

const keys = {
  'events.orders': 'event_id',
  'events.inventory': 'event_id',
  'events.user_activity': 'event_id',
  'events.rejected_events': 'message_id',
  'events.duplicate_events': 'identity, message_id, ingest_time',
  'events.ledger': 'ingest_hour, publish_hour, event_type',
}

/** Every column of every row of the tables that Dataform fills, as text in one order. */
export async function readEveryRow(): Promise<string[]> {
  const bigquery = new BigQuery({ projectId })
  const tables = Object.entries(keys).map(async ([table, key]) => {
    const query = `select * from ${table} order by ${key}`
    const [rows] = await bigquery.query({ query, location })
    return rows.map((row) => `${table} ${JSON.stringify(row)}`)
  })
  return (await Promise.all(tables)).flat()
}

/** The rows that are not in both, so that a test that fails says which. */
export function changedRows(before: string[], after: string[]): string[] {
  const [isBefore, isAfter] = [new Set(before), new Set(after)]
  const gone = before.filter((row) => !isAfter.has(row)).map((row) => `gone: ${row}`)
  const added = after.filter((row) => !isBefore.has(row)).map((row) => `new: ${row}`)
  return [...gone, ...added]
}
