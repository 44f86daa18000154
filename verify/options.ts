import { parseArgs } from 'node:util'
import type { EventType } from '../ingest/event.ts'
import { knownEventTypes } from './file-name.ts'
import { spansOf, type Span } from './span.ts'
import { UsageError } from './usage-error.ts'

export const help = `npm run verify: holds the files under output/ against the rows of raw_events, line by line,
and the rows against the ledger, publish hour by publish hour. It changes nothing.
Each discrepancy is one sentence; the exit code is 1 if there is any.

  --from HOUR         only what was published from this hour on, UTC: 2025-02-08T13
  --to HOUR           only what was published before this hour
  --event-type TYPE   only this event type; may be given several times
  --settle MINUTES    files younger than this may still lack rows (default 10)
  --help              this text

  GOOGLE_CLOUD_PROJECT, BUCKET, RAW_TABLE   as the ingester has them; required
  LEDGER_TABLE                              events.ledger where it is not set
`

/** What to check, and where it is. */
export type Options = {
  projectId: string
  bucket: string
  rawTable: TableName
  ledgerTable: TableName
  eventTypes: EventType[]
  from: string | undefined
  to: string | undefined
  spans: Span[]
  /** The whole of output/: what names no file there is asked for, too. */
  isAll: boolean
  settleMinutes: number
}

export type TableName = { dataset: string; table: string }

/** Reads the command line and the environment; `help` where that was asked for. */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): Options | 'help' {
  const { help: isHelp, from, to, settle = '10', ...values } = parse(args)
  if (isHelp) return 'help'
  const allTypes = knownEventTypes()
  const given = values['event-type']?.map((name) => typeNamed(name, allTypes))
  const eventTypes = (given ?? allTypes).toSorted()
  const spans = spansOf({ eventTypes, ...(from && { from }), ...(to && { to }) }, allTypes)
  if (!/^\d{1,6}$/.test(settle)) {
    throw new UsageError(`--settle must be a number of minutes, not '${settle}'`)
  }
  const isAll = !from && !to && !given
  return {
    ...readEnvironment(env),
    eventTypes,
    from,
    to,
    spans,
    isAll,
    settleMinutes: Number(settle),
  }
}

function parse(args: string[]) {
  const options = {
    from: { type: 'string' },
    to: { type: 'string' },
    'event-type': { type: 'string', multiple: true },
    settle: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(error.message.split(/\n|\. To specify/)[0], { cause: error })
  }
}

function typeNamed<T extends string>(name: string, known: readonly T[]): T {
  const type = known.find((each) => each === name)
  if (type) return type
  throw new UsageError(`--event-type must be one of ${known.join(', ')}, not '${name}'`)
}

function readEnvironment(env: NodeJS.ProcessEnv) {
  const { GOOGLE_CLOUD_PROJECT: projectId, BUCKET: bucket, RAW_TABLE: rawTable } = env
  const required = { GOOGLE_CLOUD_PROJECT: projectId, BUCKET: bucket, RAW_TABLE: rawTable }
  const missing = Object.entries(required).filter(([, value]) => !value)
  if (!projectId || !bucket || !rawTable) {
    const names = missing.map(([name]) => name).join(', ')
    throw new UsageError(`missing from the environment: ${names}`)
  }
  return {
    projectId,
    bucket,
    rawTable: tableNamed('RAW_TABLE', rawTable),
    ledgerTable: tableNamed('LEDGER_TABLE', env['LEDGER_TABLE'] || 'events.ledger'),
  }
}

function tableNamed(variable: string, name: string): TableName {
  const [dataset, table, ...rest] = name.split('.')
  if (dataset && table && rest.length === 0) return { dataset, table }
  throw new UsageError(`${variable} must be dataset.table such as raw.raw_events, not '${name}'`)
}
