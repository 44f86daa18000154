import { BigQueryError } from './bigquery-error.ts'

/** An int64 of a request, which comes as a text or as a number. */
export function wholeNumberText(value: unknown, name: string): string {
  const text = String(value)
  if (/^-?\d+$/.test(text)) return text
  throw new BigQueryError('invalid', `Invalid value for ${name}: ${text}`, { location: name })
}

/** Refuses int64s of a request that are none; those that are left out or null are fine. */
export function requireWholeNumbers(body: Record<string, unknown>, names: readonly string[]): void {
  for (const name of names) {
    if (body[name] !== undefined && body[name] !== null) wholeNumberText(body[name], name)
  }
}
