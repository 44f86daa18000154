import type { Page } from './messages.ts'
import { invalidArgument } from './status-error.ts'

const defaultSize = 1_000

/** One page of names in order; the token is the last name of the page before. */
export function page(
  names: string[],
  { pageSize = 0, pageToken = '' }: Page,
): { items: string[]; nextPageToken?: string } {
  if (pageSize < 0) throw invalidArgument('The page size must not be negative.')
  const size = pageSize === 0 ? defaultSize : Math.min(pageSize, defaultSize)
  const after = Buffer.from(pageToken, 'base64url').toString()
  const rest = names.toSorted().filter((name) => name > after)
  const items = rest.slice(0, size)
  if (items.length === rest.length) return { items }
  return { items, nextPageToken: Buffer.from(items.at(-1) ?? '').toString('base64url') }
}
