import { UsageError, type CommandValues } from '../command/command.ts'
import {
  readLandingPlace,
  tableNamed,
  type LandingPlace,
  type TableName,
} from '../command/environment.ts'

export const options = {
  'dry-run': { type: 'boolean', help: 'check, land nothing' },
  since: {
    type: 'string',
    value: 'TIME',
    help: 'only messages published since this UTC time: 2025-02-08 or 2025-02-08T13:00Z',
  },
  code: {
    type: 'string',
    value: 'CODE',
    multiple: true,
    help: 'only events rejected with this code; may be given several times',
  },
} as const

/** What to revalidate, and where it is. */
export type Options = LandingPlace & {
  rejectedTable: TableName
  dryRun: boolean
  /** Only messages that Pub/Sub accepted since then. */
  since: Date | undefined
  /** Only messages that were rejected with one of these codes; none: with any. */
  codes: string[]
}

/** What the command line and the environment say, or a UsageError. */
export function readOptions(
  values: CommandValues<typeof options>,
  environment: Record<string, string | undefined>,
): Options {
  return {
    ...readLandingPlace(environment),
    rejectedTable: tableNamed(
      'REJECTED_TABLE',
      environment['REJECTED_TABLE'] || 'events.rejected_events',
    ),
    dryRun: values['dry-run'] ?? false,
    since: values.since === undefined ? undefined : timeOf(values.since),
    codes: values.code ?? [],
  }
}

function timeOf(text: string): Date {
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z)?$/.test(text)
  const time = new Date(isTime ? text : Number.NaN)
  if (!Number.isNaN(time.getTime())) return time
  throw new UsageError(
    `--since must be a UTC date or time, such as 2025-02-08 or 2025-02-08T13:00Z, not '${text}'`,
  )
}
