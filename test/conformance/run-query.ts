import type { Field } from '../../local/bigquery/catalog/resources.ts'
import type { WireRow } from '../../local/bigquery/sql/sql-engine.ts'
import type { ActualError } from './compare.ts'
import { recordedRow } from './recorded-value.ts'
import { at, type Answer, type RestClient } from './rest-client.ts'

export type QueryAnswer =
  | { error: ActualError }
  | { error?: undefined; schema: Field[]; rows: Record<string, unknown>[]; job: unknown }

/** Runs a query job to its end, the way Python's client does. */
export async function runQuery(
  call: RestClient,
  project: string,
  configuration: { query: Record<string, unknown> },
  headers: Record<string, string> = {},
): Promise<QueryAnswer> {
  const root = `/bigquery/v2/projects/${project}`
  const inserted = await call('POST', `${root}/jobs`, { body: { configuration }, headers })
  if (inserted.status !== 200) return { error: errorOf(inserted) }
  const schemaOfDryRun = at(inserted.body, 'statistics.query.schema.fields')
  if (at(inserted.body, 'configuration.dryRun') === true) {
    return { schema: (schemaOfDryRun ?? []) as Field[], rows: [], job: inserted.body }
  }

  const jobId = String(at(inserted.body, 'jobReference.jobId'))
  const rows: Record<string, unknown>[] = []
  let schema: Field[] = []
  let page = ''
  for (;;) {
    const path = `${root}/queries/${jobId}?formatOptions.useInt64Timestamp=true&timeoutMs=60000${page}`
    const results = await call('GET', path, { headers })
    if (results.status !== 200) return { error: errorOf(results) }
    if (at(results.body, 'jobComplete') !== true) continue
    schema = (at(results.body, 'schema.fields') ?? []) as Field[]
    const wire = (at(results.body, 'rows') ?? []) as WireRow[]
    rows.push(...wire.map((row) => recordedRow(schema, row)))
    const token = at(results.body, 'pageToken')
    page = token === undefined ? '' : `&pageToken=${String(token)}`
    if (page === '') break
  }
  const job = await call('GET', `${root}/jobs/${jobId}`, { headers })
  return { schema, rows, job: job.body }
}

/** An error of a job comes with its reason only; the status follows from it, as in Google's clients. */
export function errorOf({ status, body }: Answer): ActualError {
  return {
    status,
    reason: String(at(body, 'error.errors.0.reason')),
    message: String(at(body, 'error.message')),
  }
}
