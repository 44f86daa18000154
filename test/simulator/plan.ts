import type { IngesterOptions } from '../../ingest/ingester.ts'
import type { Chance } from './chance.ts'
import { drawRates, type Outage, type Rates } from './faults.ts'

/** How a run is set up, drawn from its seed. */
export type Plan = {
  instances: number
  options: IngesterOptions
  messages: number
  /** Share of messages that are no good events. */
  poison: number
  hasOversize: boolean
  /** Messages are published, and faults happen, for so long. */
  durationMs: number
  /** When messages are published, as if all at once; none: they are spread over the time. */
  bursts: number[]
  /** One of so many of the oldest messages comes next. */
  disorder: number
  outages: Outage[]
  rates: Rates
}

const minuteMs = 60_000

export function drawPlan(chance: Chance, start: number): Plan {
  const options = optionsOf(chance)
  // A load takes its time, and faults are to meet it.
  const leastMs = options.loading ? minuteMs : 5_000
  const durationMs = leastMs + chance.integer(0, chance.pick([15_000, 2 * minuteMs, 4 * minuteMs]))
  const messages = chance.integer(1, chance.pick([10, 60, 200, 300]))
  return {
    instances: chance.pick([1, 2, 2, 3, 4]),
    options,
    messages,
    poison: chance.pick([0, 0.1, 0.4]),
    hasOversize: chance.happens(0.005),
    durationMs,
    bursts: Array.from({ length: chance.integer(0, 3) }, () => chance.integer(0, durationMs)),
    disorder: 200,
    outages: (['Pub/Sub', 'Cloud Storage', 'BigQuery'] as const).flatMap((service) => {
      if (chance.happens(0.7)) return []
      const from = start + chance.integer(0, durationMs)
      const lengthMs = chance.integer(1_000, chance.pick([30_000, 10 * minuteMs]))
      return [{ service, from, to: from + lengthMs, hangs: chance.happens(0.3) }]
    }),
    rates: drawRates(chance),
  }
}

function loadingOf(chance: Chance): IngesterOptions['loading'] {
  return {
    mode: chance.pick(['stream', 'load']),
    patienceMs: chance.pick([500, 2_000, 60_000]),
    everyMs: chance.pick([500, 3_000, 15_000, 2 * minuteMs]),
  }
}

function optionsOf(chance: Chance): IngesterOptions {
  const maxMessages = chance.pick([10, 100, 1_000])
  const loading = chance.happens(0.7) ? loadingOf(chance) : undefined
  return {
    ...(loading && { loading }),
    batch: {
      maxMessages: chance.pick([1, 5, 30, 100]),
      maxBytes: chance.pick([1_500, 20_000, 4_000_000]),
      maxAgeMs: chance.pick([400, 2_000, 10_000]),
    },
    flow: { maxMessages, maxBytes: chance.pick([4_000, 100_000, 64_000_000]) },
    streams: chance.integer(1, 4),
    concurrentLandings: chance.integer(1, 4),
    ackDeadlineSeconds: chance.pick([10, 20, 60]),
    drainMs: chance.pick([0, 2_000, 7_000]),
    unhealthyAfterSeconds: 300,
  }
}
