import { BigQueryError } from './bigquery-error.ts'

/**
 * What a client is told of any failure. A fault of our own is 400 and no 500: clients retry those
 * silently, for minutes, and the user would see a program that hangs.
 */
export function asBigQueryError(error: unknown): BigQueryError {
  if (error instanceof BigQueryError) {
    if (error.reason === 'notImplemented' && error.cause instanceof Error) {
      process.stderr.write(`local BigQuery: ${error.message}: ${error.cause.message}\n`)
    }
    return error
  }

  const cause = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(`local BigQuery: ${cause.stack ?? cause.message}\n`)
  return new BigQueryError('invalid', `internal error of the local BigQuery: ${cause.message}`, {
    cause,
  })
}
