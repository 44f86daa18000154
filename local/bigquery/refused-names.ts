import { notSupported } from './bigquery-error.ts'

/**
 * Refuses what BigQuery heeds in a request and nobody here would. Names that BigQuery does not know
 * are passed over, for its own clients send some.
 */
export function refuseNames(
  body: Record<string, unknown>,
  refused: readonly string[],
  what: string,
): void {
  const name = refused.find((one) => isAsked(body[one]))
  if (name !== undefined) throw notSupported(`${what} with ${name}`)
}

/** Clients send null, {} or an empty list where nothing is asked for. */
function isAsked(value: unknown): boolean {
  return typeof value === 'object'
    ? value !== null && Object.keys(value).length > 0
    : Boolean(value)
}
