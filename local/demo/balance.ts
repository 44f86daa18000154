import type { Publication } from '../generator/faults.ts'
import type { LandedFiles } from './read-files.ts'
import type { Tables } from './read-tables.ts'

/** What was published, by message id. */
export type Truth = ReadonlyMap<string, Publication>

/**
 * Holds what landed and what was made of it against what was published: message by message in files,
 * raw events and rejected events, identity by identity in the typed tables. Nothing: it balances.
 */
export function imbalances(truth: Truth, { lines }: LandedFiles, tables: Tables): string[] {
  const typeOf = new Map([...truth].map(([id, { eventType }]) => [id, eventType]))
  const malformed = new Map(
    [...truth]
      .filter(([, { identity }]) => !identity)
      .map(([id, { eventType }]) => [id, eventType]),
  )
  return [
    ...compare('output/', typeOf, lines.map(folderOf)),
    ...compare('raw_events', typeOf, tables.rawEvents.map(idAndType)),
    ...compare('rejected_events', malformed, tables.rejected.map(idAndType), { once: true }),
    ...compare('typed tables', identities(truth), tables.typed.map(identityAndType), {
      once: true,
    }),
    ...strangers(truth, tables),
    ...unbalancedTypes(tables),
    ...unbalancedLedger(tables),
  ]
}

type Entry = [key: string, eventType: string]

function folderOf({ message_id, event_type, file }: LandedFiles['lines'][number]): Entry {
  const [, folder = ''] = file.split('/')
  return [message_id, folder === event_type ? event_type : `${event_type} in the folder ${folder}`]
}

function idAndType({ message_id, event_type }: Tables['rawEvents'][number]): Entry {
  return [message_id, event_type]
}

function identityAndType({ identity, event_type }: Tables['typed'][number]): Entry {
  return [identity, event_type]
}

function identities(truth: Truth): Map<string, string> {
  return new Map(
    [...truth.values()].flatMap(({ identity, eventType }) =>
      identity ? [[identity, eventType] as const] : [],
    ),
  )
}

/** Each expected key must be there under its event type, no other may, and where asked for only once. */
function compare(
  place: string,
  expected: ReadonlyMap<string, string>,
  found: Entry[],
  { once = false } = {},
): string[] {
  const types = new Map(found)
  const missing = [...expected].filter(([key]) => !types.has(key))
  const unexpected = [...types].filter(([key]) => !expected.has(key))
  const mistaken = [...types].filter(([key, type]) => (expected.get(key) ?? type) !== type)
  const twice = once ? repeated(found) : []
  return [
    ...tell(`published, but not in ${place}`, missing),
    ...tell(`in ${place}, but never published for it`, unexpected),
    ...tell(`in ${place} under another event type`, mistaken),
    ...tell(`more than once in ${place}`, twice),
  ]
}

function repeated(found: Entry[]): Entry[] {
  const seen = new Set<string>()
  return found.filter(([key]) => seen.size === seen.add(key).size)
}

/** A typed row must say which message brought its event. */
function strangers(truth: Truth, { typed }: Tables): string[] {
  const wrong = typed.filter((row) => truth.get(row.message_id)?.identity !== row.identity)
  return tell('in typed tables with the message id of another event', wrong.map(identityAndType))
}

/** Of each event type, every raw event is typed, rejected or suppressed as a duplicate. */
function unbalancedTypes({ rawEvents, typed, rejected, suppressed }: Tables): string[] {
  const rows = [...rawEvents, ...typed, ...rejected, ...suppressed]
  const types = new Set(rows.map(({ event_type }) => event_type))
  return [...types].flatMap((type) => {
    const raw = rawEvents.filter(({ event_type }) => event_type === type).length
    const parts = [typed, rejected].map(
      (part) => part.filter(({ event_type }) => event_type === type).length,
    )
    const duplicates = suppressed.find(({ event_type }) => event_type === type)?.events ?? 0
    const [typedRows = 0, rejectedRows = 0] = parts
    if (raw === typedRows + rejectedRows + duplicates) return []
    return `${type}: ${raw} raw events, but ${typedRows} typed + ${rejectedRows} rejected + ${duplicates} duplicates`
  })
}

function unbalancedLedger({ rawEvents, ledger }: Tables): string[] {
  const landed = Map.groupBy(rawEvents, ({ event_type }) => event_type)
  const counted = new Map(ledger.map((row) => [row.event_type, row]))
  return [...new Set([...landed.keys(), ...counted.keys()])].flatMap((type) => {
    const raw = landed.get(type)?.length ?? 0
    const { raw_events = 0, unbalanced = 0 } = counted.get(type) ?? {}
    if (raw === raw_events && unbalanced === 0) return []
    return `${type}: ${raw} raw events, but the ledger has ${raw_events}, ${unbalanced} of them in no book or in two`
  })
}

/** A sentence for each event type that is concerned, with the first few as a start for the search. */
function tell(what: string, entries: Entry[]): string[] {
  const types = Map.groupBy(entries, ([, eventType]) => eventType)
  return [...types].map(([eventType, of]) => {
    const examples = of.slice(0, 3).map(([key]) => key)
    return `${eventType}: ${of.length} ${what}, such as ${examples.join(', ')}`
  })
}
