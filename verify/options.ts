import { UsageError, wholeNumber, type CommandValues } from '../command/command.ts'
import {
  readLandingPlace,
  tableNamed,
  type LandingPlace,
  type TableName,
} from '../command/environment.ts'
import type { EventType } from '../ingest/event.ts'
import { knownEventTypes } from './file-name.ts'
import { spansOf, type Span } from './span.ts'

export const options = {
  from: {
    type: 'string',
    value: 'HOUR',
    help: 'only what was published from this hour on, UTC: 2025-02-08T13',
  },
  to: { type: 'string', value: 'HOUR', help: 'only what was published before this hour' },
  'event-type': {
    type: 'string',
    value: 'TYPE',
    multiple: true,
    help: 'only this event type; may be given several times',
  },
  settle: {
    type: 'string',
    value: 'MINUTES',
    help: 'files younger than this may still lack rows (default 10)',
  },
} as const

/** What to check, and where it is. */
export type Options = LandingPlace & {
  ledgerTable: TableName
  eventTypes: EventType[]
  from: string | undefined
  to: string | undefined
  spans: Span[]
  /** The whole of output/: what names no file there is asked for, too. */
  isAll: boolean
  settleMinutes: number
}

/** What the command line and the environment say, or a UsageError. */
export function readOptions(
  { from, to, settle = '10', ...values }: CommandValues<typeof options>,
  environment: Record<string, string | undefined>,
): Options {
  const allTypes = knownEventTypes()
  const given = values['event-type']?.map((name) => typeNamed(name, allTypes))
  const eventTypes = (given ?? allTypes).toSorted()
  const spans = spansOf({ eventTypes, ...(from && { from }), ...(to && { to }) }, allTypes)
  return {
    ...readLandingPlace(environment),
    ledgerTable: tableNamed('LEDGER_TABLE', environment['LEDGER_TABLE'] || 'events.ledger'),
    eventTypes,
    from,
    to,
    spans,
    isAll: !from && !to && !given,
    settleMinutes: wholeNumber('settle', settle),
  }
}

function typeNamed<T extends string>(name: string, known: readonly T[]): T {
  const type = known.find((each) => each === name)
  if (type) return type
  throw new UsageError(`--event-type must be one of ${known.join(', ')}, not '${name}'`)
}
