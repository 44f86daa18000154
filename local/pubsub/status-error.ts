import { Metadata, status } from '@grpc/grpc-js'

/** An error that a client of Pub/Sub sees: a gRPC status in Google's own words. */
export class StatusError extends Error {
  override name = 'StatusError'
  readonly code: status
  /** Machine-readable details, where Google's clients look for them. */
  readonly metadata: Metadata

  constructor(code: status, message: string, metadata = new Metadata()) {
    super(message)
    this.code = code
    this.metadata = metadata
  }
}

export function invalidArgument(message: string): StatusError {
  return new StatusError(status.INVALID_ARGUMENT, message)
}

/** Google names only the last part of a resource that is missing. */
export function notFound(name: string): StatusError {
  return new StatusError(status.NOT_FOUND, `Resource not found (resource=${lastPart(name)}).`)
}

export function alreadyExists(name: string): StatusError {
  const words = `Resource already exists in the project (resource=${lastPart(name)}).`
  return new StatusError(status.ALREADY_EXISTS, words)
}

/** The refusal of everything that Google's service would do and this one does not. */
export function notSupported(feature: string): StatusError {
  return new StatusError(status.UNIMPLEMENTED, `not supported by the local Pub/Sub: ${feature}`)
}

/** Anything else is a fault of this server: its owner reads about it, the client gets INTERNAL. */
export function asStatusError(error: unknown): StatusError {
  if (error instanceof StatusError) return error

  const { stack, message } = error instanceof Error ? error : new Error(String(error))
  process.stderr.write(`local Pub/Sub: ${stack ?? message}\n`)
  return new StatusError(status.INTERNAL, `internal error of the local Pub/Sub: ${message}`)
}

function lastPart(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}
