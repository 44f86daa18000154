/** BigQuery's `reason` of an error; the HTTP status follows from it. */
export type Reason =
  | 'invalid'
  | 'invalidQuery'
  | 'notFound'
  | 'duplicate'
  | 'required'
  /** Of a request that is too large; BigQuery has no better word for it. */
  | 'badRequest'
  | 'conditionNotMet'
  | 'accessDenied'
  | 'resourceInUse'
  | 'responseTooLarge'
  | 'stopped'
  | 'bytesBilledLimitExceeded'
  | 'notImplemented'
  | 'internalError'
  /** Of a server that is ending; clients try again. */
  | 'backendError'

const statusOfReason: Record<Reason, number> = {
  invalid: 400,
  invalidQuery: 400,
  notFound: 404,
  duplicate: 409,
  required: 400,
  badRequest: 413,
  conditionNotMet: 412,
  accessDenied: 403,
  resourceInUse: 400,
  responseTooLarge: 403,
  stopped: 400,
  bytesBilledLimitExceeded: 400,
  // BigQuery has 501 here, which its clients retry for minutes: a refusal must be seen at once.
  notImplemented: 400,
  internalError: 500,
  backendError: 503,
}

/** An error that a client of BigQuery sees, in BigQuery's own words. */
export class BigQueryError extends Error {
  override name = 'BigQueryError'
  readonly reason: Reason
  /** What the error is about, as BigQuery names it: `query`, a field, a parameter. */
  readonly location: string | undefined

  constructor(
    reason: Reason,
    message: string,
    options: { location?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.reason = reason
    this.location = options.location
  }

  get status(): number {
    return statusOfReason[this.reason]
  }
}

/** The refusal of everything whose answer would not surely be BigQuery's. */
export function notSupported(construct: string): BigQueryError {
  return new BigQueryError('notImplemented', `not supported by the local engine: ${construct}`)
}
