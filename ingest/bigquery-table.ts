import type { BigQuery } from '@google-cloud/bigquery'
import { createPost } from './google-request.ts'
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
  const post = createPost(client)
  const path = `projects/${client.projectId}/datasets/${dataset}/tables/${table}/insertAll`
  const headers = { 'content-type': 'application/json' }
  return {
    insert: async (body) => failuresOf(await post(`${client.baseUrl}/${path}`, headers, [body])),
  }
}

/** The first error of each row that an insertAll response names. */
function failuresOf(response: unknown): RowFailure[] {
  return listAt(response, 'insertErrors').map((row) => {
    const [first] = listAt(row, 'errors')
    return {
      index: Number(fieldAt(row, 'index') ?? 0),
      reason: String(fieldAt(first, 'reason') ?? 'unknown'),
      message: String(fieldAt(first, 'message') ?? ''),
    }
  })
}
