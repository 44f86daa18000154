import { BigQueryError, type Reason } from '../bigquery-error.ts'

export type ErrorProto = { reason: Reason; message: string; location?: string }

const statusNames: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ALREADY_EXISTS',
  412: 'FAILED_PRECONDITION',
  413: 'INVALID_ARGUMENT',
}

/** The body of every answer that is no success; without `errors[].reason` Google's clients lose their way. */
export function errorEnvelope(error: BigQueryError): unknown {
  const { status, message, reason, location } = error
  return {
    error: {
      code: status,
      message,
      errors: [
        {
          message,
          domain: 'global',
          reason,
          ...(location !== undefined && { location, locationType: 'parameter' }),
        },
      ],
      status: statusNames[status] ?? 'INTERNAL',
    },
  }
}

/** An error as jobs keep it in `status.errorResult`. */
export function errorProto({ reason, message, location }: BigQueryError): ErrorProto {
  return { reason, ...(location !== undefined && { location }), message }
}

/**
 * What a client is told of any failure. A fault of our own is 400 and no 500: clients retry those
 * silently, for minutes, and the user would see a program that hangs.
 */
export function asBigQueryError(error: unknown): BigQueryError {
  if (error instanceof BigQueryError) return error

  const cause = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(`local BigQuery: ${cause.stack ?? cause.message}\n`)
  return new BigQueryError('invalid', `internal error of the local BigQuery: ${cause.message}`, {
    cause,
  })
}
