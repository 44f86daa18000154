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

/**
 * One ingester against several on the same subscription, all on one core. With a share of it for each, they
 * have room beside each other, and the endpoints have a core to match: rates add up, or something that the
 * ingesters share keeps them back. Without shares the core is full, and only the CPU time that an event takes
 * says whether they hinder each other.
 */
export async function compareIngesters(
  laboratory: Laboratory,
  ingesters: number,
  { runs, seconds, warmUpSeconds, share }: ComparisonOptions,
): Promise<string> {
  const alone: Measurement[] = []
  const together: Measurement[] = []
  const contestant = share === undefined ? ingester : { ...ingester, share }
  for (let run = 0; run < runs; run++) {
    const turns: [number, Measurement[]][] = [
      [1, alone],
      [ingesters, together],
    ]
    for (const [clients, measurements] of run % 2 === 0 ? turns : turns.toReversed()) {
      const events = backlogFor(share === undefined ? 1 : clients, {
        seconds,
        warmUpSeconds,
        share,
      })
      const options = { events, seconds, warmUpSeconds, clients }
      measurements.push(await measure(laboratory, contestant, options))
    }
    const rates = [alone[run], together[run]].map((one) => grouped(one?.eventsPerSecond ?? 0))
    process.stderr.write(`round ${run + 1} of ${runs}: ${rates.join(' and ')} events/s\n`)
  }
  const ratio = (figure: (one: Measurement) => number) =>
    summarize(together.map((one, run) => figure(one) / figure(alone[run] ?? one)))
  const wall = showSummary(
    ratio(({ eventsPerSecond }) => eventsPerSecond),
    2,
  )
  const perCore = ratio(({ microsPerEvent }) => 1 / microsPerEvent)
  const efficiency = `${showSummary(perCore, 2)} times the events per core-second`
  const conclusion =
    share === undefined
      ? `${ingesters} on the one core against 1: ${wall} times the events/s, ${efficiency}.\n` +
        'With a core each, and endpoints to match, that is ' +
        `${grouped(perCore.median * ingesters, 2)} times what one lands.`
      : `${ingesters} with ${percent(share)} of a core each against 1: ${wall} times the events/s, ${efficiency}.`
  return `${table([
    ['', 'events/s', 'CPU µs/event', 'core of each', 'endpoints'],
    row('1 ingester', alone, 1),
    row(`${ingesters} ingesters`, together, ingesters),
  ])}\n\n${conclusion}`
}

/** Warm-up is CPU time, of each ingester; what is measured is wall time, of which each has its share. */
function backlogFor(
  clients: number,
  { seconds, warmUpSeconds, share = 1 }: Omit<ComparisonOptions, 'runs'>,
): number {
  return Math.ceil(fullSpeed * clients * (warmUpSeconds + seconds * share) * 1.2)
}

function row(name: string, all: Measurement[], clients: number): string[] {
  const endpoints = all.map(({ endpointShares }) =>
    Object.values(endpointShares).reduce((total, each) => total + each, 0),
  )
  return [
    name,
    showSummary(summarize(all.map(({ eventsPerSecond }) => eventsPerSecond)), 0),
    showSummary(summarize(all.map(({ microsPerEvent }) => microsPerEvent)), 1),
    percent(summarize(all.map(({ clientShare }) => clientShare / clients)).median),
    percent(summarize(endpoints).median),
  ]
}
