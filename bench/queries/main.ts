import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import { runCommand, wholeNumber } from '../../local/command.ts'
import { projectId } from '../../local/demo/names.ts'
import { describeMachine } from '../machine.ts'
import { startMeasured, type MeasuredProcess } from '../measured-process.ts'
import { grouped, showSummary, summarize, table, type Summary } from '../statistics.ts'

const sample = 200
const targets = { startMs: 1_000, queryMs: 10 }

process.exitCode = await runCommand({
  name: 'npm run bench:queries',
  summary:
    'Measures how soon the local BigQuery gives its first answer, how long SELECT 1 takes then and after ' +
    'thousands of queries, and how much memory they leave behind.',
  options: {
    queries: { type: 'string', value: 'N', help: 'between the two samples (default 5000)' },
    starts: { type: 'string', value: 'N', help: 'how often to start it (default 5)' },
  },
  async run(values) {
    const queries = wholeNumber('queries', values.queries ?? '5000', { from: 1 })
    const starts = wholeNumber('starts', values.starts ?? '5', { from: 1 })
    print(describeMachine(new Date()))
    const folder = await mkdtemp(join(tmpdir(), 'bench-queries-'))
    try {
      const times: number[] = []
      for (let start = 1; start < starts; start++) {
        times.push(await withBigQuery(folder, `data-${start}`, async (_, __, ms) => ms))
      }
      await withBigQuery(folder, 'data', async (bigquery, server, ms) => {
        report(summarize([...times, ms]), await measure(bigquery, server, queries), queries)
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
})

type Moment = { latency: Summary; rss: number }

async function measure(
  bigquery: BigQuery,
  server: MeasuredProcess,
  queries: number,
): Promise<[Moment, Moment]> {
  await repeat(bigquery, sample)
  const before = await lookAt(bigquery, server)
  await repeat(bigquery, queries)
  return [before, await lookAt(bigquery, server)]
}

async function lookAt(bigquery: BigQuery, server: MeasuredProcess): Promise<Moment> {
  const latency = summarize(await repeat(bigquery, sample))
  return { latency, rss: (await server.usage()).rss }
}

async function repeat(bigquery: BigQuery, times: number): Promise<number[]> {
  const all: number[] = []
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now()
    await bigquery.query('select 1')
    all.push(performance.now() - startedAt)
  }
  return all
}

/** From the start of the process to the answer of the first query is what `work` is told. */
async function withBigQuery<T>(
  folder: string,
  data: string,
  work: (bigquery: BigQuery, server: MeasuredProcess, startMs: number) => Promise<T>,
): Promise<T> {
  const gcloud = join(folder, 'gcloud')
  await mkdir(gcloud, { recursive: true })
  const environment = { METADATA_SERVER_DETECTION: 'none', CLOUDSDK_CONFIG: gcloud }
  const startedAt = performance.now()
  const server = startMeasured({
    name: 'the local BigQuery',
    args: [join('bench', 'endpoint-process.ts'), 'bigquery', join(folder, data)],
    environment,
    logFile: join(folder, 'bigquery.log'),
  })
  try {
    const address = String(await server.ask('address', 'address'))
    Object.assign(process.env, environment, { BIGQUERY_EMULATOR_HOST: `http://${address}` })
    const bigquery = new BigQuery({ projectId, location: 'US' })
    await bigquery.query('select 1')
    return await work(bigquery, server, performance.now() - startedAt)
  } finally {
    await server.kill()
  }
}

function report(start: Summary, [before, after]: [Moment, Moment], queries: number): void {
  const row = (name: string, { latency, rss }: Moment) => [
    name,
    showSummary(latency, 2),
    grouped(rss / 2 ** 20),
  ]
  print(`start to first answer: ${showSummary(start, 0)} ms, median (spread)`)
  print(`target under ${targets.startMs} ms: ${verdict(start.median < targets.startMs)}\n`)
  print(
    table([
      ['SELECT 1', 'ms, median (spread)', 'RSS MiB'],
      row(`after ${sample} queries`, before),
      row(`after ${grouped(queries + 2 * sample)} queries`, after),
    ]),
  )
  const slowest = Math.max(before.latency.median, after.latency.median)
  print(`\ntarget under ${targets.queryMs} ms: ${verdict(slowest < targets.queryMs)}`)
}

function verdict(isHeld: boolean): string {
  return isHeld ? 'held' : 'missed'
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
