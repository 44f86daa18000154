import { grouped, showSummary, summarize, table } from '../statistics.ts'
import { ingester } from './contestants.ts'
import type { Laboratory } from './laboratory.ts'
import { measure, type Measurement } from './measure.ts'
import { percent } from './report.ts'

export type ComparisonOptions = { runs: number; seconds: number; warmUpSeconds: number }

/**
 * One ingester against several on the same subscription. They share a core: what shows that they do not
 * hinder each other is that an event costs no more CPU, and, where answers take long, that rates add up.
 */
export async function compareIngesters(
  laboratory: Laboratory,
  ingesters: number,
  { runs, seconds, warmUpSeconds }: ComparisonOptions,
): Promise<string> {
  const alone: Measurement[] = []
  const together: Measurement[] = []
  const events = ingester.guess * (seconds + warmUpSeconds) * 1.2
  for (let run = 0; run < runs; run++) {
    const options = { events, seconds, warmUpSeconds }
    alone.push(await measure(laboratory, ingester, { ...options, clients: 1 }))
    together.push(await measure(laboratory, ingester, { ...options, clients: ingesters }))
  }
  const ratio = (figure: (one: Measurement) => number) =>
    summarize(together.map((one, run) => figure(one) / figure(alone[run] ?? one)))
  const figures = table([
    ['', 'events/s', 'CPU µs/event', 'client core'],
    row('1 ingester', alone),
    row(`${ingesters} ingesters`, together),
  ])
  const wall = showSummary(
    ratio(({ eventsPerSecond }) => eventsPerSecond),
    2,
  )
  const perCore = ratio(({ microsPerEvent }) => 1 / microsPerEvent)
  return (
    `${figures}\n\n${ingesters} on the one core against 1: ${wall} times the events/s, ` +
    `${showSummary(perCore, 2)} times the events per core-second.\n` +
    `With a core each, and endpoints to match, that is ${grouped(perCore.median * ingesters, 2)} times ` +
    'what one lands.'
  )
}

function row(name: string, all: Measurement[]): string[] {
  return [
    name,
    showSummary(summarize(all.map(({ eventsPerSecond }) => eventsPerSecond)), 0),
    showSummary(summarize(all.map(({ microsPerEvent }) => microsPerEvent)), 1),
    percent(summarize(all.map(({ clientShare }) => clientShare)).median),
  ]
}
