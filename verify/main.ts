import { EventEmitter } from 'node:events'
import { parseArgs } from 'node:util'
import { BigQuery } from '@google-cloud/bigquery'
import { Storage } from '@google-cloud/storage'
import { knownEventTypes } from './file-name.ts'
import { createLandedRows } from './landed-rows.ts'
import { showProgress } from './progress.ts'
import { spansOf } from './span.ts'
import { textOf, totalOf } from './summary.ts'
import { UsageError } from './usage-error.ts'
import { verify } from './verify.ts'

const help = `npm run verify: holds the files under output/ against the rows of raw_events, line by line.
It changes nothing. Each discrepancy is one sentence; the exit code is 1 if there is any.

  --from HOUR         only files published from this hour on, UTC: 2025-02-08T13
  --to HOUR           only files published before this hour
  --event-type TYPE   only this event type; may be given several times
  --settle MINUTES    files younger than this may still lack rows (default 10)
  --help              this text

  GOOGLE_CLOUD_PROJECT, BUCKET, RAW_TABLE   as the ingester has them; required
`
const hourMs = 3_600_000
const minuteMs = 60_000
const mostShown = 1_000

const options = {
  from: { type: 'string' },
  to: { type: 'string' },
  'event-type': { type: 'string', multiple: true },
  settle: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

// Google's client adds 11 listeners to each stream that it reads, which Node takes for a leak.
EventEmitter.defaultMaxListeners = 20

process.exitCode = await main(process.argv.slice(2), process.env)

async function main(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const values = parse(args)
    if (values.help) {
      process.stdout.write(help)
      return 0
    }
    return await run(values, env)
  } catch (error) {
    const isUsage = error instanceof UsageError
    process.stderr.write(`verify: ${error instanceof Error ? error.message : String(error)}\n`)
    if (isUsage) process.stderr.write('Try: npm run verify -- --help\n')
    return isUsage ? 2 : 1
  }
}

type Values = ReturnType<typeof parse>

function parse(args: string[]) {
  try {
    return parseArgs({ args, options }).values
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw new UsageError(error.message.split(/\n|\. To specify/)[0], { cause: error })
  }
}

async function run({ from, to, settle = '10', ...values }: Values, env: NodeJS.ProcessEnv) {
  const allTypes = knownEventTypes()
  const eventTypes = values['event-type']?.map((name) => typeNamed(name, allTypes)) ?? allTypes
  const spans = spansOf(
    { eventTypes: eventTypes.toSorted(), ...(from && { from }), ...(to && { to }) },
    allTypes,
  )
  if (!/^\d{1,6}$/.test(settle)) {
    throw new UsageError(`--settle must be a number of minutes, not '${settle}'`)
  }
  const { projectId, bucketName, dataset, table } = readEnvironment(env)

  const bigquery = new BigQuery({ projectId })
  const bucket = new Storage({ projectId }).bucket(bucketName)
  const [isThere] = await bucket.exists()
  if (!isThere) throw new Error(`the bucket gs://${bucketName} (BUCKET) does not exist`)
  const [{ timePartitioning }] = await bigquery.dataset(dataset).table(table).getMetadata()
  // Clocks of Pub/Sub and BigQuery may differ a little.
  const since = from ? Date.parse(`${from}:00Z`) - hourMs : 0
  const rows = createLandedRows(
    bigquery,
    `\`${projectId}.${dataset}.${table}\``,
    new Date(since).toISOString(),
  )

  const progress = showProgress(process.stderr)
  let shown = 0
  const summary = await verify({
    bucket,
    rows,
    spans,
    settledBefore: Date.now() - Number(settle) * minuteMs,
    keptSince: keptSince(timePartitioning, Date.now()),
    onProblem(sentence) {
      progress.clear()
      if (++shown <= mostShown) process.stdout.write(`${sentence}\n`)
    },
    onProgress: progress.show,
  })
  progress.clear()
  const strangers = from || to || values['event-type'] ? 0 : await reportStrangers(rows)

  const problems = totalOf(summary).problems + strangers
  if (shown > mostShown) process.stdout.write(`… and ${shown - mostShown} more\n`)
  process.stdout.write(`${shown > 0 ? '\n' : ''}${textOf(summary)}\n\n`)
  process.stdout.write(`${verdict(problems, totalOf(summary).files)}\n`)
  return problems === 0 ? 0 : 1
}

function verdict(problems: number, files: number): string {
  if (problems > 0) return problems === 1 ? 'One problem.' : `${problems} problems.`
  return files === 0 ? 'There is no file to check.' : 'Every line has its row, every row its line.'
}

async function reportStrangers({
  strangers,
}: ReturnType<typeof createLandedRows>): Promise<number> {
  const { rows, example } = await strangers()
  if (rows === 0) return 0
  process.stdout.write(
    `raw_events: ${rows} rows name no file under output/, such as that of message ${example}\n`,
  )
  return 1
}

function typeNamed<T extends string>(name: string, known: readonly T[]): T {
  const type = known.find((each) => each === name)
  if (type) return type
  throw new UsageError(`--event-type must be one of ${known.join(', ')}, not '${name}'`)
}

function readEnvironment(env: NodeJS.ProcessEnv) {
  const { GOOGLE_CLOUD_PROJECT: projectId, BUCKET: bucketName, RAW_TABLE: rawTable } = env
  const missing = Object.entries({
    GOOGLE_CLOUD_PROJECT: projectId,
    BUCKET: bucketName,
    RAW_TABLE: rawTable,
  })
    .filter(([, value]) => !value)
    .map(([name]) => name)
  if (!projectId || !bucketName || !rawTable) {
    throw new UsageError(`missing from the environment: ${missing.join(', ')}`)
  }
  const [dataset, table, ...rest] = rawTable.split('.')
  if (!dataset || !table || rest.length > 0) {
    throw new UsageError(
      `RAW_TABLE must be dataset.table such as raw.raw_events, not '${rawTable}'`,
    )
  }
  return { projectId, bucketName, dataset, table }
}

/** The rows of a file that is older have gone, with the hour of their arrival. */
function keptSince(timePartitioning: { expirationMs?: string } | undefined, now: number): number {
  const expirationMs = Number(timePartitioning?.expirationMs ?? Number.POSITIVE_INFINITY)
  return now - expirationMs + hourMs
}
