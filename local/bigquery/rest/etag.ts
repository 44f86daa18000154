import { BigQueryError } from '../bigquery-error.ts'
import type { ApiRequest } from './api.ts'

/** Holds a change back where the client says `If-Match` and the resource has changed since. */
export function requireMatch({ headers }: ApiRequest, { etag }: { etag: string }): void {
  const wanted = headers['if-match']
  if (wanted === undefined || wanted === '*' || unquoted(wanted) === etag) return
  throw new BigQueryError('conditionNotMet', 'Precondition check failed.', { location: 'If-Match' })
}

function unquoted(etag: string): string {
  return etag.replace(/^"(.*)"$/, '$1')
}
