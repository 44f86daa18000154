import type { BigQueryError } from '../bigquery-error.ts'

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
