import { BigQueryError } from '../bigquery-error.ts'
import type { ErrorProto } from './error-proto.ts'

/** A job that failed for several reasons, all of which its status lists. */
export class JobFailure extends BigQueryError {
  override name = 'JobFailure'
  readonly details: ErrorProto[]

  constructor(message: string, details: ErrorProto[]) {
    super('invalid', message)
    this.details = details
  }
}
