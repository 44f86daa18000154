import type { BigQueryError, Reason } from '../bigquery-error.ts'

export type ErrorProto = { reason: Reason; message: string; location?: string }

/** An error as jobs keep it in `status.errorResult`. */
export function errorProto({ reason, message, location }: BigQueryError): ErrorProto {
  return { reason, ...(location !== undefined && { location }), message }
}
