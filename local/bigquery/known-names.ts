import { BigQueryError, notSupported } from './bigquery-error.ts'

/** The names that BigQuery knows in a body; of the refused ones nothing is to be had here. */
export type Names = { known: readonly string[]; refused: readonly string[] }

/** The names of a text, for lists that are only read through. */
export function words(text: string): string[] {
  return text.split(' ')
}

/** Refuses a name that BigQuery does not know as BigQuery does, and what would go unheeded in words. */
export function requireKnownNames(
  body: Record<string, unknown>,
  { known, refused }: Names,
  what: string,
): void {
  for (const [name, value] of Object.entries(body)) {
    if (known.includes(name)) continue
    if (!refused.includes(name)) {
      const message = `Invalid JSON payload received. Unknown name "${name}": Cannot find field.`
      throw new BigQueryError('invalid', message)
    }
    if (isAsked(value)) throw notSupported(`${what} with ${name}`)
  }
}

/** Clients send null, {} or an empty list where nothing is asked for. */
export function isAsked(value: unknown): boolean {
  return typeof value === 'object'
    ? value !== null && Object.keys(value).length > 0
    : Boolean(value)
}
