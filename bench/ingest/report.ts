import { grouped, showSummary, summarize, table } from '../statistics.ts'
import type { Contestant } from './contestants.ts'
import type { Measurement } from './measure.ts'

/** The measurements of each round, by contestant. */
export type Rounds = Map<Contestant, Measurement>[]

export type Ratio = { of: Contestant; to: Contestant; target: number }

/** Median and spread of every figure, a row for each contestant. */
export function reportFigures(contestants: Contestant[], rounds: Rounds): string {
  const rows = contestants.map((contestant) => {
    const all = rounds.flatMap((round) => round.get(contestant) ?? [])
    const of = (figure: (measurement: Measurement) => number) => summarize(all.map(figure))
    const endpoints = of(({ endpointShares }) => total(endpointShares)).median
    return [
      contestant.name,
      showSummary(
        of(({ eventsPerSecond }) => eventsPerSecond),
        0,
      ),
      showSummary(
        of(({ microsPerEvent }) => microsPerEvent),
        1,
      ),
      grouped(1e6 / of(({ microsPerEvent }) => microsPerEvent).median),
      percent(of(({ clientShare }) => clientShare).median),
      percent(endpoints),
      grouped(of(({ peakRss }) => peakRss / 2 ** 20).most),
    ]
  })
  const head = [
    '',
    'events/s',
    'CPU µs/event',
    'events per core-second',
    'client core',
    'endpoints',
    'peak MiB',
  ]
  return table([head, ...rows])
}

/**
 * Each ratio is taken within a round, by CPU time and by wall time. By wall time it flatters whoever is
 * measured against a client that the endpoints cannot keep busy.
 */
export function reportRatios(ratios: Ratio[], rounds: Rounds): string {
  const rows = ratios.map(({ of, to, target }) => {
    const quotient = (figure: (measurement: Measurement) => number) =>
      summarize(
        rounds.flatMap((round) => {
          const [one, other] = [round.get(of), round.get(to)]
          return one && other ? [figure(one) / figure(other)] : []
        }),
      )
    const byCpu = quotient(({ microsPerEvent }) => 1 / microsPerEvent)
    const byWall = quotient(({ eventsPerSecond }) => eventsPerSecond)
    return [
      `${of.name} / ${to.name}`,
      showSummary(byCpu, 2),
      showSummary(byWall, 2),
      `≥ ${target.toFixed(2)}`,
      verdict(byCpu.median, target),
      verdict(byWall.median, target),
    ]
  })
  return table([['', 'events per core-second', 'events/s', 'target', 'by CPU', 'by wall'], ...rows])
}

/** Why wall rates are not the clients' own, where others were the limit. */
export function warnings(contestants: Contestant[], rounds: Rounds): string[] {
  return contestants.flatMap((contestant) => {
    const all = rounds.flatMap((round) => round.get(contestant) ?? [])
    const others = summarize(all.map(({ othersShare }) => othersShare)).median
    const idle = 1 - others - summarize(all.map(({ clientShare }) => clientShare)).median
    if (others >= 0.1) {
      return [
        `Other programs took ${percent(others)} of the core of ${contestant.name}: ` +
          'this machine is not quiet enough to measure.',
      ]
    }
    if (idle < 0.1) return []
    const busiest = summarize(all.map(({ endpointShares }) => total(endpointShares))).median
    const why =
      busiest > 0.85
        ? `the endpoints, which have ${percent(busiest)} of theirs, are the limit`
        : 'it waited for answers'
    return [
      `${contestant.name} left ${percent(idle)} of its core unused: ${why}. ` +
        'Its events/s are not its own; its events per core-second are.',
    ]
  })
}

function verdict(ratio: number, target: number): string {
  return ratio >= target ? 'held' : 'missed'
}

function total(shares: Record<string, number>): number {
  return Object.values(shares).reduce((sum, share) => sum + share, 0)
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}
