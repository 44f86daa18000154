/** Cloud Storage's `reason` of an error; the HTTP status follows from it. */
export type Reason = keyof typeof statusOfReason

const statusOfReason = {
  notModified: 304,
  invalid: 400,
  required: 400,
  badRequest: 400,
  notFound: 404,
  conflict: 409,
  conditionNotMet: 412,
  requestedRangeNotSatisfiable: 416,
  clientClosedRequest: 499,
  backendError: 500,
  notImplemented: 501,
}

/** An error that a client of Cloud Storage sees, in Google's words where they are known. */
export class StorageError extends Error {
  override name = 'StorageError'
  readonly reason: Reason

  constructor(reason: Reason, message: string, options?: { cause: unknown }) {
    super(message, options)
    this.reason = reason
  }

  get status(): number {
    return statusOfReason[this.reason]
  }
}

export function noBucket(): StorageError {
  return new StorageError('notFound', 'The specified bucket does not exist.')
}

export function noObject(bucket: string, name: string): StorageError {
  return new StorageError('notFound', `No such object: ${bucket}/${name}`)
}

/** The refusal of everything that Google's service would do and this one does not; clients do not retry it. */
export function notSupported(feature: string): StorageError {
  const words = `not supported by the local Cloud Storage: ${feature}`
  return new StorageError('notImplemented', words)
}

export function errorEnvelope({ status, reason, message }: StorageError): object {
  const place = reason === 'conditionNotMet' && { locationType: 'header', location: 'If-Match' }
  return {
    error: {
      code: status,
      message,
      errors: [{ message, domain: 'global', reason, ...place }],
    },
  }
}
