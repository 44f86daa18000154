import type { Bucket } from './bucket.ts'
import { compareNames } from './names.ts'
import { wholeNumber } from './preconditions.ts'
import { firstFrom } from './sorted-names.ts'
import { notSupported } from './storage-error.ts'
import type { StoredObject } from './stored-object.ts'

export type Listing = { items: StoredObject[]; prefixes: string[]; nextPageToken?: string }

const maxResults = 1_000
/** Greater than every name that starts with what stands before it. */
const afterAll = '\u{10ffff}\u{10ffff}'

/** A page of objects in order; names that go on behind the delimiter are gathered to prefixes. */
export function listObjects({ objects, sorted }: Bucket, query: URLSearchParams): Listing {
  for (const feature of ['matchGlob', 'softDeleted', 'filter']) {
    if (query.get(feature)) throw notSupported(`listing with ${feature}`)
  }
  const prefix = query.get('prefix') ?? ''
  const delimiter = query.get('delimiter') ?? ''
  const endOffset = query.get('endOffset') ?? ''
  const limit = Math.min(wholeNumber(query, 'maxResults') || maxResults, maxResults)
  const withFolders = query.get('includeTrailingDelimiter') === 'true'
  const listing: Listing = { items: [], prefixes: [] }

  let at = firstFrom(sorted, start(query, prefix))
  let last = ''
  for (;;) {
    const name = sorted.names[at]
    if (name === undefined || !name.startsWith(prefix)) return listing
    if (endOffset !== '' && compareNames(name, endOffset) >= 0) return listing

    const cut = delimiter === '' ? -1 : name.indexOf(delimiter, prefix.length)
    const folder = cut < 0 ? undefined : name.slice(0, cut + delimiter.length)
    const object =
      folder === undefined || (withFolders && folder === name) ? objects.get(name) : undefined
    const isNews = folder === undefined || listing.prefixes.at(-1) !== folder
    if (isNews && listing.items.length + listing.prefixes.length >= limit) {
      return { ...listing, nextPageToken: Buffer.from(last).toString('base64url') }
    }
    if (folder !== undefined && isNews) listing.prefixes.push(folder)
    if (object) listing.items.push(object)
    // A name stands for itself; with a folder all names in it are passed over.
    last = folder !== undefined && !object ? folder + afterAll : name
    at = folder !== undefined && !object ? firstFrom(sorted, last) : at + 1
  }
}

/** The greatest of the three places where the listing may begin. */
function start(query: URLSearchParams, prefix: string): string {
  const token = Buffer.from(query.get('pageToken') ?? '', 'base64url').toString()
  // Behind the name of the token: with NUL at its end follows the next possible name.
  const starts = [prefix, query.get('startOffset') ?? '', token === '' ? '' : `${token}\0`]
  return starts.toSorted(compareNames).at(-1) ?? ''
}
