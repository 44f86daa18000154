import { EventEmitter } from 'node:events'
import { readFile } from 'node:fs/promises'
import { BigQuery } from '@google-cloud/bigquery'
import { Storage } from '@google-cloud/storage'
import { endWithItsReader } from '../command/closed-pipe.ts'
import { createLandedRows, type LandedRows } from './landed-rows.ts'
import { ledgerProblems, ledgerText } from './ledger-report.ts'
import { askLedger, type LedgerAnswer } from './ledger.ts'
import { countLinesOfHours } from './lines-of-hours.ts'
import { help, readOptions, type Options, type TableName } from './options.ts'
import { createStatusLine } from './status-line.ts'
import { countsOf, progressOf, textOf, totalOf } from './summary.ts'
import { UsageError } from './usage-error.ts'
import { verify } from './verify.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
const mostShown = 1_000
const progressEveryMs = 10_000

// Google's client adds 11 listeners to each stream that it reads, which Node takes for a leak.
EventEmitter.defaultMaxListeners = 20

endWithItsReader()
process.exitCode = await main(process.argv.slice(2), process.env)

async function main(args: string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const options = readOptions(args, env)
    if (options !== 'help') return await run(options)
    process.stdout.write(help)
    return 0
  } catch (error) {
    const isUsage = error instanceof UsageError
    process.stderr.write(`verify: ${error instanceof Error ? error.message : String(error)}\n`)
    if (isUsage) process.stderr.write('Try: npm run verify -- --help\n')
    return isUsage ? 2 : 1
  }
}

async function run(options: Options): Promise<number> {
  const { projectId, rawTable, from, spans, settleMinutes } = options
  const bigquery = new BigQuery({ projectId })
  const bucket = new Storage({ projectId }).bucket(options.bucket)
  const [isThere] = await bucket.exists()
  if (!isThere) throw new Error(`the bucket gs://${options.bucket} (BUCKET) does not exist`)
  const [{ timePartitioning }] = await bigquery
    .dataset(rawTable.dataset)
    .table(rawTable.table)
    .getMetadata()
  // Clocks of Pub/Sub and BigQuery may differ a little.
  const since = from ? Date.parse(`${from}:00Z`) - hourMs : 0
  const rows = createLandedRows(bigquery, quoted(options, rawTable), new Date(since).toISOString())
  const kept = keptSince(timePartitioning, Date.now())

  const progress = createStatusLine(process.stderr, progressEveryMs)
  const lines = countLinesOfHours()
  let shown = 0
  function onProblem(sentence: string): void {
    progress.clear()
    if (++shown <= mostShown) process.stdout.write(`${sentence}\n`)
  }
  const summary = await verify({
    bucket,
    rows,
    spans,
    settledBefore: Date.now() - settleMinutes * minuteMs,
    keptSince: kept,
    onProblem,
    onFile: lines.add,
    onProgress: (counted, name) => progress.show(() => progressOf(counted, name)),
  })
  progress.clear()
  const ledger = await readLedger(bigquery, options, kept)
  for (const { eventType, sentence } of ledger ? ledgerProblems(ledger, lines.of) : []) {
    countsOf(summary, eventType).problems++
    onProblem(sentence)
  }
  const strangers = options.isAll ? await reportStrangers(rows) : 0

  const problems = totalOf(summary).problems + strangers
  if (shown > mostShown) process.stdout.write(`… and ${shown - mostShown} more\n`)
  const { dataset, table } = options.ledgerTable
  const books = ledger
    ? ledgerText(ledger)
    : `The ledger is not compared: there is no table ${dataset}.${table} (LEDGER_TABLE).`
  process.stdout.write(`${shown > 0 ? '\n' : ''}${textOf(summary)}\n\n${books}\n\n`)
  process.stdout.write(`${verdict(problems, totalOf(summary).files)}\n`)
  return problems === 0 ? 0 : 1
}

function verdict(problems: number, files: number): string {
  if (problems > 0) return problems === 1 ? 'One problem.' : `${problems} problems.`
  return files === 0 ? 'There is no file to check.' : 'Every line has its row, every row its line.'
}

async function reportStrangers({ strangers }: LandedRows): Promise<number> {
  const { rows, example } = await strangers()
  if (rows === 0) return 0
  process.stdout.write(
    `raw_events: ${rows} rows name no file under output/, such as that of message ${example}\n`,
  )
  return 1
}

/** Undefined where there is no ledger: Dataform has never run. */
async function readLedger(
  bigquery: BigQuery,
  options: Options,
  kept: number,
): Promise<LedgerAnswer | undefined> {
  const { dataset, table } = options.ledgerTable
  const [exists] = await bigquery.dataset(dataset).table(table).exists()
  if (!exists) return undefined
  const tables = {
    raw: quoted(options, options.rawTable),
    ledger: quoted(options, options.ledgerTable),
    positions: quoted(options, { dataset, table: 'read_positions' }),
  }
  const { eventTypes, from, to } = options
  const overlapMinutes = await overlapOfRuns()
  return askLedger(bigquery, { tables, eventTypes, from, to, keptSince: kept, overlapMinutes })
}

function quoted({ projectId }: Options, { dataset, table }: TableName): string {
  return `\`${projectId}.${dataset}.${table}\``
}

async function overlapOfRuns(): Promise<number> {
  const settings = await readFile(new URL('../dataform.json', import.meta.url), 'utf8')
  const { overlapMinutes } = JSON.parse(settings).vars
  return Number(overlapMinutes)
}

/** The rows of a file that is older have gone, with the hour of their arrival. */
function keptSince(timePartitioning: { expirationMs?: string } | undefined, now: number): number {
  const expirationMs = Number(timePartitioning?.expirationMs ?? Number.POSITIVE_INFINITY)
  return now - expirationMs + hourMs
}
