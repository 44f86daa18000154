import { BigQuery } from '@google-cloud/bigquery'
import { projectId } from '../../local/demo/names.ts'

const keys = {
  'events.orders': 'event_id',
  'events.inventory': 'event_id',
  'events.user_activity': 'event_id',
  'events.rejected_events': 'message_id',
}

/** Every column of every row of the tables that Dataform fills, in one order. */
export async function readEveryRow(): Promise<Record<string, unknown[]>> {
  const bigquery = new BigQuery({ projectId })
  const tables = Object.entries(keys).map(async ([table, key]) => {
    const query = `select * from ${table} order by ${key}`
    const [rows] = await bigquery.query({ query, location: 'US' })
    return [table, rows] as const
  })
  return Object.fromEntries(await Promise.all(tables))
}
