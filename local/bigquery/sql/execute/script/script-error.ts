import { BigQueryError } from '../../../bigquery-error.ts'
import type { ScriptText } from '../../analyzer/script.ts'

/** The error of a statement as its script tells it: with the place of the statement, unless it names one. */
export function scriptError(error: unknown, { position }: ScriptText): unknown {
  if (!(error instanceof BigQueryError) || error.reason === 'notImplemented') return error
  const { message, reason, location } = error
  if (message.startsWith('Query error: ') || reason === 'stopped') return error
  const place = / at \[\d+:\d+\]$/.test(message) ? '' : ` at [${position.line}:${position.column}]`
  return new BigQueryError(reason, `Query error: ${message}${place}`, {
    cause: error,
    ...(location !== undefined && { location }),
  })
}
