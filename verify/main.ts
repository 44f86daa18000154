import { EventEmitter } from 'node:events'
import { BigQuery } from '@google-cloud/bigquery'
import { Storage } from '@google-cloud/storage'
import { inWords, runCommand, type CommandValues } from '../command/command.ts'
import { landingVariables, quotedTable } from '../command/environment.ts'
import { readSettings, wholeSetting } from '../ddl/dataform-settings.ts'
import { createLandedRows, type LandedRows } from './landed-rows.ts'
import { ledgerProblems, ledgerText } from './ledger-report.ts'
import { askLedger, type LedgerAnswer } from './ledger.ts'
import { countLinesOfHours } from './lines-of-hours.ts'
import { options, readOptions, type Options } from './options.ts'
import { createStatusLine } from './status-line.ts'
import { countsOf, progressOf, textOf, totalOf } from './summary.ts'
import { verify } from './verify.ts'

const hourMs = 3_600_000
const minuteMs = 60_000
const mostShown = 1_000
const progressEveryMs = 10_000

// Google's client adds 11 listeners to each stream that it reads, which Node takes for a leak.
EventEmitter.defaultMaxListeners = 20

process.exitCode = await runCommand({
  name: 'npm run verify',
  summary: `Holds the files under output/ against the rows of raw_events, line by line,
and the rows against the ledger, publish hour by publish hour. It changes nothing.
Each discrepancy is one sentence; the exit code is 1 if there is any.`,
  options,
  environment: { ...landingVariables, LEDGER_TABLE: 'events.ledger where it is not set' },
  async run(values: CommandValues<typeof options>) {
    const what = readOptions(values, process.env)
    return inWords(() => run(what))
  },
})

async function run(what: Options): Promise<number> {
  const { projectId, rawTable, from, spans, settleMinutes } = what
  const bigquery = new BigQuery({ projectId })
  const bucket = new Storage({ projectId }).bucket(what.bucket)
  const [isThere] = await bucket.exists()
  if (!isThere) throw new Error(`the bucket gs://${what.bucket} (BUCKET) does not exist`)
  const [{ timePartitioning }] = await bigquery
    .dataset(rawTable.dataset)
    .table(rawTable.table)
    .getMetadata()
  // Clocks of Pub/Sub and BigQuery may differ a little.
  const since = from ? Date.parse(`${from}:00Z`) - hourMs : 0
  const rows = createLandedRows(
    bigquery,
    quotedTable(projectId, rawTable),
    new Date(since).toISOString(),
  )
  const kept = oldestKept(timePartitioning, Date.now())

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
  const ledger = await readLedger(bigquery, what, kept)
  for (const { eventType, sentence } of ledger ? ledgerProblems(ledger, lines.of) : []) {
    countsOf(summary, eventType).problems++
    onProblem(sentence)
  }
  const strangers = what.isAll ? await reportStrangers(rows) : 0

  const problems = totalOf(summary).problems + strangers
  if (shown > mostShown) process.stdout.write(`… and ${shown - mostShown} more\n`)
  const { dataset, table } = what.ledgerTable
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
  { projectId, rawTable, ledgerTable, eventTypes, from, to }: Options,
  keptSince: number,
): Promise<LedgerAnswer | undefined> {
  const { dataset, table } = ledgerTable
  const [exists] = await bigquery.dataset(dataset).table(table).exists()
  if (!exists) return undefined
  const tables = {
    raw: quotedTable(projectId, rawTable),
    ledger: quotedTable(projectId, ledgerTable),
    positions: quotedTable(projectId, { dataset, table: 'read_positions' }),
  }
  const overlapMinutes = wholeSetting(await readSettings(), 'overlapMinutes')
  return askLedger(bigquery, { tables, eventTypes, from, to, keptSince, overlapMinutes })
}

/** The rows of a file that is older have gone, with the hour of their arrival. */
function oldestKept(timePartitioning: { expirationMs?: string } | undefined, now: number): number {
  const expirationMs = Number(timePartitioning?.expirationMs ?? Number.POSITIVE_INFINITY)
  return now - expirationMs + hourMs
}
