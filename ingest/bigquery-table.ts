import type { BigQuery } from '@google-cloud/bigquery'
import { fieldAt, listAt } from './json-answer.ts'
import type { RowFailure, RowTable } from './land-rows.ts'

/**
 * A table of BigQuery that takes finished insertAll requests: the client's own `insert` copies and
 * walks every row again, which costs four times as much.
 */
export function createRowTable(
  client: BigQuery,
  { dataset, table }: { dataset: string; table: string },
): RowTable {
  const uri = `/datasets/${dataset}/tables/${table}/insertAll`
  return {
    insert: (body) =>
      new Promise((resolve, reject) => {
        const headers = { 'Content-Type': 'application/json' }
        client.request({ method: 'POST', uri, body, headers }, (error, response: unknown) => {
          if (error) reject(error)
          else resolve(failuresOf(response))
        })
      }),
  }
}

/** The first error of each row that an insertAll response names. */
export function failuresOf(response: unknown): RowFailure[] {
  return listAt(response, 'insertErrors').map((row) => {
    const [first] = listAt(row, 'errors')
    return {
      index: Number(fieldAt(row, 'index') ?? 0),
      reason: String(fieldAt(first, 'reason') ?? 'unknown'),
      message: String(fieldAt(first, 'message') ?? ''),
    }
  })
}
