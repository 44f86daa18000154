import { runCommand, UsageError, wholeNumber } from '../../command/command.ts'
import { describeMachine, findTaskset } from '../machine.ts'
import { measureBacklog } from './backlog.ts'
import {
  fiveStreams,
  ingester,
  oneStream,
  ordinary,
  streamingPull,
  type Contestant,
} from './contestants.ts'
import { openLaboratory, type BigQueryKind, type Laboratory, type Mode } from './laboratory.ts'
import { measure, type Measurement } from './measure.ts'
import { reportFigures, reportRatios, warnings, type Rounds } from './report.ts'
import { compareIngesters } from './several-ingesters.ts'
import { compareTransports } from './transport/compare-transports.ts'

const contestants = [ingester, oneStream, fiveStreams, streamingPull, ordinary]
const ratios = [
  { of: ingester, to: oneStream, target: 1.25 },
  { of: ingester, to: fiveStreams, target: 1.25 },
  { of: ingester, to: streamingPull, target: 0.3 },
  { of: ingester, to: ordinary, target: 3 },
]
const warmUpSeconds = 2

process.exitCode = await runCommand({
  name: 'npm run bench:ingest',
  summary:
    'Measures how many events the ingester lands on one core, against clients that do less and code ' +
    'that does the same in the ordinary way, each in turn on the same backlog of orders.',
  options: {
    seconds: { type: 'string', value: 'N', help: 'of each measurement (default 5)' },
    runs: { type: 'string', value: 'N', help: 'rounds; medians are shown (default 5)' },
    mode: { type: 'string', value: 'MODE', help: 'LANDING_MODE: stream or load (default stream)' },
    bigquery: {
      type: 'string',
      value: 'KIND',
      help: 'acknowledging: rows are taken and forgotten; local: the real local BigQuery (default acknowledging)',
    },
    backlog: {
      type: 'string',
      value: 'N',
      help: 'instead: the memory of the ingester while it works off so many events',
    },
    ingesters: {
      type: 'string',
      value: 'N',
      help: 'instead: one ingester against so many on the same subscription',
    },
    share: {
      type: 'string',
      value: 'N',
      help: 'with --ingesters: of a core, for each ingester, such as 0.2 (Linux, as root)',
    },
    transport: {
      type: 'boolean',
      help: 'instead: what a row costs by insertAll, as the ingester sends it, and by AppendRows over gRPC',
    },
    latency: {
      type: 'string',
      value: 'MS',
      help: 'how long the acknowledging BigQuery takes to answer (default 0)',
    },
  },
  async run(values) {
    const seconds = wholeNumber('seconds', values.seconds ?? '5', { from: 1 })
    const runs = wholeNumber('runs', values.runs ?? '5', { from: 1 })
    const latencyMs = wholeNumber('latency', values.latency ?? '0')
    const backlog = optional('backlog', values.backlog, 20_000)
    const ingesters = optional('ingesters', values.ingesters, 2)
    const share = shareOf(values.share, ingesters)
    const mode = oneOf('mode', values.mode ?? 'stream', ['stream', 'load'])
    const kind = oneOf('bigquery', values.bigquery ?? 'acknowledging', ['acknowledging', 'local'])
    const bigquery = kind === 'local' ? 'bigquery' : 'acknowledging-bigquery'

    print(describeMachine(new Date()))
    if (!findTaskset()) print('taskset is not there: no process is pinned to a core.')
    print(setting(bigquery, mode, latencyMs))
    const laboratory = await openLaboratory({ bigquery, mode, latencyMs })
    try {
      if (values.transport) {
        print(await compareTransports(laboratory, { seconds, warmUpSeconds, runs }))
      } else if (backlog !== undefined) print(await measureBacklog(laboratory, backlog))
      else if (ingesters !== undefined) {
        const options = { seconds, warmUpSeconds, runs, share }
        print(await compareIngesters(laboratory, ingesters, options))
      } else await compare(laboratory, { seconds, runs, mode })
    } finally {
      await laboratory.close()
    }
  },
})

async function compare(
  laboratory: Laboratory,
  { seconds, runs, mode }: { seconds: number; runs: number; mode: Mode },
): Promise<void> {
  const rounds: Rounds = []
  const rates = new Map(contestants.map((each) => [each, each.guess]))
  for (let run = 0; run < runs; run++) {
    const round = new Map<Contestant, Measurement>()
    // Another one is the first in each round, so that none has always the same neighbour.
    const first = run % contestants.length
    for (const contestant of [...contestants.slice(first), ...contestants.slice(0, first)]) {
      const events = Math.ceil((rates.get(contestant) ?? 0) * (seconds + warmUpSeconds) * 1.2)
      const options = { clients: 1, events, seconds, warmUpSeconds }
      const measurement = await measure(laboratory, contestant, options)
      rates.set(contestant, measurement.eventsPerSecond)
      round.set(contestant, measurement)
    }
    rounds.push(round)
    const rate = Math.round(round.get(ingester)?.eventsPerSecond ?? 0)
    process.stderr.write(`round ${run + 1} of ${runs}: the ingester landed ${rate} events/s\n`)
  }
  const bytes = Math.round(rounds[0]?.get(ingester)?.bytesPerEvent ?? 0)
  print(`orders of ${bytes} bytes on average; ${runs} rounds of ${seconds} s; median (spread)\n`)
  print(reportFigures(contestants, rounds))
  print('')
  print(reportRatios(ratios, rounds))
  for (const warning of warnings(contestants, rounds)) print(`\n${warning}`)
  if (mode === 'load') print('\nThe ordinary code knows no load jobs: it streams its rows.')
}

function setting(bigquery: BigQueryKind, mode: Mode, latencyMs: number): string {
  const kind =
    bigquery === 'bigquery'
      ? 'the local BigQuery'
      : `a BigQuery that takes rows and forgets them${latencyMs ? ` after ${latencyMs} ms` : ''}`
  return `LANDING_MODE=${mode}; local Pub/Sub and Cloud Storage, ${kind}: on core 1, clients on core 0`
}

function optional(name: string, text: string | undefined, from: number): number | undefined {
  return text === undefined ? undefined : wholeNumber(name, text, { from })
}

function shareOf(text: string | undefined, ingesters: number | undefined): number | undefined {
  if (text === undefined) return undefined
  if (ingesters === undefined) throw new UsageError('--share goes with --ingesters')
  const share = /^0?\.\d+$/.test(text) ? Number(text) : Number.NaN
  if (share >= 0.05 && share * ingesters <= 1) return share
  throw new UsageError(
    `--share must be from 0.05 to a core's part of each ingester, such as ${1 / ingesters}, not '${text}'`,
  )
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value)
  if (found !== undefined) return found
  throw new UsageError(`--${name} must be ${choices.join(' or ')}, not '${value}'`)
}

function print(text: string): void {
  process.stdout.write(`${text}\n`)
}
