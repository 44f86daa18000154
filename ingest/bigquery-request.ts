import type { BigQuery } from '@google-cloud/bigquery'

/** A request to BigQuery, within the project; what it refuses rejects with its `code`. */
export type BigQueryRequest = (options: {
  method?: 'GET' | 'POST'
  uri: string
  qs?: Record<string, string>
  json?: object
}) => Promise<unknown>

/** Requests through Google's client, one at a time and without attempts of its own. */
export function createRequest(client: BigQuery): BigQueryRequest {
  return (options) =>
    new Promise((resolve, reject) => {
      client.request(options, (error, response: unknown) => {
        if (error) reject(error)
        else resolve(response)
      })
    })
}
