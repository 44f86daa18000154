import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BigQuery } from '@google-cloud/bigquery'
import { applyDdl } from '../../ddl/apply-ddl.ts'
import { readDdl } from '../../ddl/read-ddl.ts'
import { clientOf } from '../../local/bigquery/test-bigquery.ts'
import { CommandError, runCommand, wholeNumber } from '../../command/command.ts'
import { describeMachine } from '../machine.ts'
import { startMeasured, type MeasuredProcess, type Usage } from '../measured-process.ts'
import { grouped, showSummary, summarize, table } from '../statistics.ts'
import { compileTables, typedTables, type Compiled } from './compiled-tables.ts'
import { loadRawEvents } from './raw-events.ts'

const target = 1.3

type Round = { ms: Map<string, number>; cpuMicros: number; peakRss: number }

process.exitCode = await runCommand({
  name: 'npm run bench:transform',
  summary:
    'Makes the three typed tables from raw events, by the SQL that Dataform generates through the local ' +
    'BigQuery and by SQL written for DuckDB by hand, in turn and on the same database file.',
  options: {
    events: { type: 'string', value: 'N', help: 'raw events (default 1000000)' },
    runs: { type: 'string', value: 'N', help: 'rounds; medians are shown (default 5)' },
  },
  async run(values) {
    const events = wholeNumber('events', values.events ?? '1000000', { from: 100 })
    const runs = wholeNumber('runs', values.runs ?? '5', { from: 1 })
    print(describeMachine(new Date()))
    const folder = await mkdtemp(join(tmpdir(), 'bench-transform-'))
    try {
      await compare(folder, events, runs)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
})

async function compare(folder: string, events: number, runs: number): Promise<void> {
  const compiled = await compileTables()
  await withBigQuery(folder, async (bigquery) => {
    await applyDdl(await readDdl(), bigquery, () => {})
    for (const view of compiled.views) await bigquery.query(view)
    const startedAt = performance.now()
    await loadRawEvents(bigquery, events, join(folder, 'raw_events.json'))
    const seconds = (performance.now() - startedAt) / 1000
    process.stderr.write(`made and loaded ${events} raw events in ${seconds.toFixed(1)} s\n`)
  })
  const generated: Round[] = []
  const byHand: Round[] = []
  for (let run = 0; run < runs; run++) {
    const measures = [
      async () => void generated.push(await measureGenerated(folder, compiled)),
      async () => void byHand.push(await measureByHand(folder)),
    ]
    for (const each of run % 2 === 0 ? measures : measures.toReversed()) await each()
  }
  await compareRows(folder)
  print(`${grouped(events)} raw events, ${runs} rounds; seconds, median (spread)\n`)
  report(generated, byHand)
}

/** Each measurement has a process of its own, so that neither profits from what the other left in memory. */
async function withBigQuery(
  folder: string,
  work: (bigquery: BigQuery, server: MeasuredProcess) => Promise<void>,
): Promise<void> {
  const gcloud = join(folder, 'gcloud')
  await mkdir(gcloud, { recursive: true })
  const environment = { METADATA_SERVER_DETECTION: 'none', CLOUDSDK_CONFIG: gcloud }
  const server = startMeasured({
    name: 'the local BigQuery',
    args: [join('bench', 'endpoint-process.ts'), 'bigquery', folder],
    environment,
    logFile: join(folder, 'bigquery.log'),
  })
  try {
    const address = String(await server.ask('address', 'address'))
    await work(clientOf(`http://${address}`), server)
  } finally {
    await server.kill()
  }
}

async function measureGenerated(folder: string, { tables }: Compiled): Promise<Round> {
  const ms = new Map<string, number>()
  let usage: Usage = { cpuMicros: 0, rss: 0, peakRss: 0 }
  let startMicros = 0
  await withBigQuery(folder, async (bigquery, server) => {
    await bigquery.query('select 1')
    startMicros = (await server.usage()).cpuMicros
    for (const [name, sql] of tables) {
      const startedAt = performance.now()
      await bigquery.query(sql)
      ms.set(name, performance.now() - startedAt)
    }
    usage = await server.usage()
  })
  return { ms, cpuMicros: usage.cpuMicros - startMicros, peakRss: usage.peakRss }
}

function startByHand(folder: string): MeasuredProcess {
  return startMeasured({
    name: 'DuckDB by hand',
    args: [
      join('bench', 'transform', 'by-hand-process.ts'),
      join(folder, 'bigquery', 'bigquery.duckdb'),
    ],
    environment: {},
    logFile: join(folder, 'by-hand.log'),
  })
}

async function measureByHand(folder: string): Promise<Round> {
  const duckdb = startByHand(folder)
  try {
    const ms = new Map<string, number>()
    const { cpuMicros: startMicros } = await duckdb.usage()
    for (const name of typedTables)
      ms.set(name, Number(await duckdb.ask({ transform: name }, 'ms')))
    const { cpuMicros, peakRss } = await duckdb.usage()
    return { ms, cpuMicros: cpuMicros - startMicros, peakRss }
  } finally {
    await duckdb.kill()
  }
}

/** Times of two things that do not do the same would say nothing. */
async function compareRows(folder: string): Promise<void> {
  const duckdb = startByHand(folder)
  try {
    for (const name of typedTables) {
      const rows = Number(await duckdb.ask({ difference: name }, 'rows'))
      if (rows > 0) throw new CommandError(`the two versions of ${name} differ in ${rows} rows`)
    }
  } finally {
    await duckdb.kill()
  }
}

function report(generated: Round[], byHand: Round[]): void {
  const row = (name: string, time: (round: Round) => number) => {
    const ratios = generated.flatMap((one, run) => {
      const other = byHand[run]
      return other ? [time(one) / time(other)] : []
    })
    return [
      name,
      showSummary(summarize(generated.map(time)), 2),
      showSummary(summarize(byHand.map(time)), 2),
      showSummary(summarize(ratios), 2),
    ]
  }
  const seconds = (name: string) => (round: Round) => (round.ms.get(name) ?? 0) / 1000
  const all = ({ ms }: Round) => ms.values().reduce((sum, each) => sum + each, 0) / 1000
  const peak = (rounds: Round[]) =>
    grouped(Math.max(...rounds.map(({ peakRss }) => peakRss)) / 2 ** 20)
  print(
    table([
      ['', 'generated SQL', 'by hand', 'ratio'],
      ...typedTables.map((name) => row(name, seconds(name))),
      row('all three', all),
      row('CPU of all three', ({ cpuMicros }) => cpuMicros / 1e6),
      ['peak MiB', peak(generated), peak(byHand), ''],
    ]),
  )
  const ratio = summarize(generated.map((one, run) => all(one) / all(byHand[run] ?? one))).median
  const verdict = ratio <= target ? 'held' : 'missed'
  print(`\n${ratio.toFixed(2)} times the hand-written SQL; target at most ${target}: ${verdict}`)
  print('Both versions gave the same rows.')
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
