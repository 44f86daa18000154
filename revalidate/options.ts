import { parseArgs } from 'node:util'

/** What to revalidate, and where it is. */
export type Options = {
  projectId: string
  bucket: string
  rawTable: string
  rejectedTable: string
  dryRun: boolean
  /** Only messages that Pub/Sub accepted since then. */
  since: Date | undefined
  /** Only messages that were rejected with one of these codes; none: with any. */
  codes: string[]
}

/** A wrong use of the command, one sentence each. */
export class UsageError extends Error {
  override name = 'UsageError'
}

/** Reads the command line and the environment; `help` where that was asked for. */
export function readOptions(args: string[], env: NodeJS.ProcessEnv): Options | 'help' {
  const values = parse(args)
  if (values.help) return 'help'
  const required = ['GOOGLE_CLOUD_PROJECT', 'BUCKET', 'RAW_TABLE']
  const missing = required.filter((name) => !env[name])
  if (missing.length > 0)
    throw new UsageError(`missing from the environment: ${missing.join(', ')}`)
  return {
    projectId: env['GOOGLE_CLOUD_PROJECT'] ?? '',
    bucket: env['BUCKET'] ?? '',
    rawTable: tableNamed('RAW_TABLE', env['RAW_TABLE'] ?? ''),
    rejectedTable: tableNamed('REJECTED_TABLE', env['REJECTED_TABLE'] || 'events.rejected_events'),
    dryRun: values['dry-run'] ?? false,
    since: values.since === undefined ? undefined : timeOf(values.since),
    codes: values.code ?? [],
  }
}

function parse(args: string[]) {
  const options = {
    'dry-run': { type: 'boolean' },
    since: { type: 'string' },
    code: { type: 'string', multiple: true },
    help: { type: 'boolean', short: 'h' },
  } as const
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(error.message.split(/\n|\. To specify/)[0], { cause: error })
  }
}

function tableNamed(variable: string, name: string): string {
  if (/^\w+\.\w+$/.test(name)) return name
  throw new UsageError(`${variable} is '${name}': expected dataset.table, such as raw.raw_events`)
}

function timeOf(text: string): Date {
  const isTime = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?Z)?$/.test(text)
  const time = new Date(isTime ? text : Number.NaN)
  if (!Number.isNaN(time.getTime())) return time
  throw new UsageError(
    `--since must be a UTC date or time, such as 2025-02-08 or 2025-02-08T13:00Z, not '${text}'`,
  )
}
