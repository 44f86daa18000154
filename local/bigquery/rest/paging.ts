import { BigQueryError } from '../bigquery-error.ts'

export type Page = { start: number; count: number }

/** The part that a request asks for by `pageToken`, `startIndex` and `maxResults`. */
export function pageOf(query: URLSearchParams, defaultCount = Number.MAX_SAFE_INTEGER): Page {
  const token = query.get('pageToken')
  const start = token ? startOfToken(token) : numberOf(query, 'startIndex')
  return { start: start ?? 0, count: numberOf(query, 'maxResults') ?? defaultCount }
}

/** Opaque to clients, as BigQuery's are. */
export function pageToken(start: number): string {
  return Buffer.from(`from:${start}`).toString('base64url')
}

/** A part of a list that is held whole, and the token of the next one. */
export function pageOfList<T>(
  items: T[],
  query: URLSearchParams,
  defaultCount = 1000,
): { items: T[]; nextPageToken?: string } {
  const { start, count } = pageOf(query, defaultCount)
  const end = start + count
  return {
    items: items.slice(start, end),
    ...(end < items.length && { nextPageToken: pageToken(end) }),
  }
}

function startOfToken(token: string): number {
  const match = /^from:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())
  if (match) return Number(match[1])
  throw new BigQueryError('invalid', `Invalid page token: ${token}`, { location: 'pageToken' })
}

/** Python's clients, `bq` among them, write True. */
export function flagOf(query: URLSearchParams, name: string): boolean {
  return query.get(name)?.toLowerCase() === 'true'
}

export function numberOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)
  if (text === null || text === '') return undefined
  if (/^\d+$/.test(text)) return Number(text)
  throw new BigQueryError('invalid', `Invalid value for ${name}: ${text}`, { location: name })
}
