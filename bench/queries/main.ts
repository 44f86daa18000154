import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import { runCommand, wholeNumber } from '../../command/command.ts'
import { location, projectId } from '../../local/demo/names.ts'
import { describeMachine } from '../machine.ts'
import { startMeasured, type MeasuredProcess } from '../measured-process.ts'
import { grouped, showSummary, summarize, table, type Summary } from '../statistics.ts'

/** Those of `npm run local`: without them V8 lets garbage grow to several times of what is alive. */
const memoryFlags = ['--heap-growing-percent=50', '--max-semi-space-size=8']
const warmUp = 200
const stretches = 8
/** For so many times the same text comes one that the server has never seen. */
const sameForFresh = 5
const targets = { startMs: 1_000, queryMs: 10, slower: 1.1, memory: 1.05 }

process.exitCode = await runCommand({
  name: 'npm run bench:queries',
  summary:
    'Measures how soon the local BigQuery gives its first answer, how long SELECT 1 takes through ' +
    'thousands of queries, and how its memory goes meanwhile.',
  options: {
    queries: { type: 'string', value: 'N', help: 'how many to ask (default 5000)' },
    starts: { type: 'string', value: 'N', help: 'how often to start it (default 5)' },
  },
  async run(values) {
    const queries = wholeNumber('queries', values.queries ?? '5000', { from: stretches })
    const starts = wholeNumber('starts', values.starts ?? '5', { from: 1 })
    print(describeMachine(new Date()))
    const folder = await mkdtemp(join(tmpdir(), 'bench-queries-'))
    try {
      const all: Start[] = []
      for (let start = 1; start < starts; start++) {
        all.push(await withBigQuery(folder, `data-${start}`, async (_, __, taken) => taken))
      }
      await withBigQuery(folder, 'data', async (bigquery, server, taken) => {
        reportStarts([...all, taken])
        reportQueries(await measure(bigquery, server, queries))
      })
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
})

/** What a start took until the first answer: by the clock, and of the server's CPU. */
type Start = { ms: number; cpuMs: number }

/** A part of the queries: what each took, for the client and of the server's CPU, and the memory after it. */
type Stretch = { queries: number; latency: Summary; cpuMs: number; fresh: Summary; rss: number }

async function measure(
  bigquery: BigQuery,
  server: MeasuredProcess,
  queries: number,
): Promise<Stretch[]> {
  let number = 1
  const fresh = (): string => `select ${++number}`
  await repeat(bigquery, warmUp, same)
  const all: Stretch[] = []
  let asked = warmUp
  for (let stretch = 1; stretch <= stretches; stretch++) {
    const count = Math.floor((queries * stretch) / stretches) - (asked - warmUp)
    const before = await server.usage()
    const latency = summarize(await repeat(bigquery, count, same))
    const after = await server.usage()
    asked += count
    const cpuMs = (after.cpuMicros - before.cpuMicros) / 1000 / count
    const few = Math.ceil(count / sameForFresh)
    const ofFresh = summarize(await repeat(bigquery, few, fresh))
    all.push({ queries: asked, latency, cpuMs, fresh: ofFresh, rss: after.rss })
  }
  return all
}

function same(): string {
  return 'select 1'
}

async function repeat(bigquery: BigQuery, times: number, text: () => string): Promise<number[]> {
  const all: number[] = []
  for (let i = 0; i < times; i++) {
    const startedAt = performance.now()
    await bigquery.query(text())
    all.push(performance.now() - startedAt)
  }
  return all
}

/** From the start of the process to the answer of the first query is what `work` is told. */
async function withBigQuery<T>(
  folder: string,
  data: string,
  work: (bigquery: BigQuery, server: MeasuredProcess, start: Start) => Promise<T>,
): Promise<T> {
  const gcloud = join(folder, 'gcloud')
  await mkdir(gcloud, { recursive: true })
  const environment = { METADATA_SERVER_DETECTION: 'none', CLOUDSDK_CONFIG: gcloud }
  const startedAt = performance.now()
  const server = startMeasured({
    name: 'the local BigQuery',
    args: [...memoryFlags, join('bench', 'endpoint-process.ts'), 'bigquery', join(folder, data)],
    environment,
    logFile: join(folder, 'bigquery.log'),
  })
  try {
    const address = String(await server.ask('address', 'address'))
    Object.assign(process.env, environment, { BIGQUERY_EMULATOR_HOST: `http://${address}` })
    const bigquery = new BigQuery({ projectId, location })
    await bigquery.query('select 1')
    const ms = performance.now() - startedAt
    const { cpuMicros } = await server.usage()
    return await work(bigquery, server, { ms, cpuMs: cpuMicros / 1000 })
  } finally {
    await server.kill()
  }
}

function reportStarts(all: Start[]): void {
  const start = summarize(all.map(({ ms }) => ms))
  const cpu = summarize(all.map(({ cpuMs }) => cpuMs))
  print(`start to first answer: ${showSummary(start, 0)} ms, median (spread)`)
  print(`the server's CPU for it: ${showSummary(cpu, 0)} ms`)
  print(`target under ${targets.startMs} ms: ${verdict(start.median < targets.startMs)}\n`)
}

function reportQueries(all: Stretch[]): void {
  print(
    table([
      ['SELECT 1', 'ms, median (spread)', "server's CPU ms", 'SELECT 2, 3, 4 …, ms', 'RSS MiB'],
      ...all.map(({ queries, latency, cpuMs, fresh, rss }) => [
        `until query ${grouped(queries)}`,
        showSummary(latency, 2),
        grouped(cpuMs, 2),
        showSummary(fresh, 2),
        grouped(rss / 2 ** 20),
      ]),
    ]),
  )
  const slowest = Math.max(...all.flatMap(({ latency, fresh }) => [latency.median, fresh.median]))
  const slower = ratio(all.at(0)?.cpuMs, all.at(-1)?.cpuMs)
  const growth = ratio(all.at(all.length / 2 - 1)?.rss, all.at(-1)?.rss)
  print(`\ntarget under ${targets.queryMs} ms: ${verdict(slowest < targets.queryMs)}`)
  print(`last to first by CPU: ${grouped(slower, 2)}: ${verdict(slower < targets.slower)}`)
  print(`memory, end to middle: ${grouped(growth, 2)}: ${verdict(growth < targets.memory)}`)
}

function ratio(before = Number.NaN, after = Number.NaN): number {
  return after / before
}

function verdict(isHeld: boolean): string {
  return isHeld ? 'held' : 'missed'
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
