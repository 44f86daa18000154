import { grouped, showSummary, summarize, table } from '../statistics.ts'
import { ingester } from './contestants.ts'
import type { Laboratory } from './laboratory.ts'
import { measure, type Measurement } from './measure.ts'
import { percent } from './report.ts'

/** Events a second of a whole core, rather too many: a backlog must not run dry. */
const fullSpeed = 130_000

export type ComparisonOptions = {
  runs: number
  seconds: number
  warmUpSeconds: number
  /** Of a core, for each ingester; without it they have one core together. */
  share: number | undefined
}

/** Ingesters that are measured together, and over how many subscriptions they are spread. */
type Setting = { name: string; ingesters: number; subscriptions: number }

/**
 * One ingester against several, all on one core: on the same subscription, and on one each, where they share
 * nothing but the machine. With a share of the core for each they have room beside each other, and the
 * endpoints have a core to match: rates add up, or something that the ingesters share keeps them back.
 * Without shares the core is full, and only the CPU time that an event takes says whether they hinder
 * each other.
 */
export async function compareIngesters(
  laboratory: Laboratory,
  ingesters: number,
  options: ComparisonOptions,
): Promise<string> {
  const { runs, seconds, warmUpSeconds, share } = options
  const settings: [Setting, Setting, Setting] = [
    { name: '1 ingester', ingesters: 1, subscriptions: 1 },
    { name: `${ingesters} on one subscription`, ingesters, subscriptions: 1 },
    { name: `${ingesters} on one each`, ingesters, subscriptions: ingesters },
  ]
  const contestant = share === undefined ? ingester : { ...ingester, share }
  const measured = settings.map((): Measurement[] => [])
  for (let run = 0; run < runs; run++) {
    const turns = [...settings.entries()]
    for (const [index, setting] of run % 2 === 0 ? turns : turns.toReversed()) {
      const { ingesters: clients, subscriptions } = setting
      const events = backlogFor(share === undefined ? 1 : clients, options)
      const plan = { clients, subscriptions, events, seconds, warmUpSeconds }
      measured[index]?.push(await measure(laboratory, contestant, plan))
    }
    const rates = measured.map((all) => grouped(all[run]?.eventsPerSecond ?? 0))
    process.stderr.write(`round ${run + 1} of ${runs}: ${rates.join(', ')} events/s\n`)
  }
  const [alone = [], together = [], apart = []] = measured
  const shares = share === undefined ? 'on the one core' : `with ${percent(share)} of a core each`
  return [
    table([
      ['', 'events/s', 'CPU µs/event', 'core of each', 'endpoints'],
      ...settings.map((setting, index) => row(setting, measured[index] ?? [])),
    ]),
    '',
    `${settings[1].name}, ${shares}, against 1: ${ratios(together, alone)}.`,
    `${settings[1].name} against ${settings[2].name}: ${ratios(together, apart)}.`,
  ].join('\n')
}

/** Of two settings, round by round. */
function ratios(these: Measurement[], those: Measurement[]): string {
  const ratio = (figure: (one: Measurement) => number): string =>
    showSummary(summarize(these.map((one, run) => figure(one) / figure(those[run] ?? one))), 2)
  return (
    `${ratio(({ eventsPerSecond }) => eventsPerSecond)} times the events/s, ` +
    `${ratio(({ microsPerEvent }) => 1 / microsPerEvent)} times the events per core-second`
  )
}

/** Warm-up is CPU time, of each ingester; what is measured is wall time, of which each has its share. */
function backlogFor(
  clients: number,
  { seconds, warmUpSeconds, share = 1 }: Omit<ComparisonOptions, 'runs'>,
): number {
  return Math.ceil(fullSpeed * clients * (warmUpSeconds + seconds * share) * 1.2)
}

function row({ name, ingesters }: Setting, all: Measurement[]): string[] {
  const endpoints = all.map(({ endpointShares }) =>
    Object.values(endpointShares).reduce((total, each) => total + each, 0),
  )
  return [
    name,
    showSummary(summarize(all.map(({ eventsPerSecond }) => eventsPerSecond)), 0),
    showSummary(summarize(all.map(({ microsPerEvent }) => microsPerEvent)), 1),
    percent(summarize(all.map(({ clientShare }) => clientShare / ingesters)).median),
    percent(summarize(endpoints).median),
  ]
}
