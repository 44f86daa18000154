import type { Service } from './faults.ts'
import type { Plan } from './plan.ts'
import { startOfTime } from './simulate.ts'

const minuteMs = 60_000
export const outageMs = 10 * minuteMs

export type OutageOptions = {
  messagesPerSecond: number
  hangs?: boolean
  /** One of so many of the oldest messages comes next. */
  disorder?: number
  concurrentLandings?: number
}

/**
 * Ten minutes without a service while messages go on being published, for two ingesters that are as
 * large or as small as that rate needs.
 */
export function planOutage(service: Service, options: OutageOptions): Plan {
  const { messagesPerSecond, hangs = false, disorder = 200, concurrentLandings = 16 } = options
  const durationMs = outageMs + minuteMs
  return {
    instances: 2,
    options: {
      loading: { mode: 'stream', patienceMs: minuteMs, everyMs: 2 * minuteMs },
      batch: { maxMessages: 2 * messagesPerSecond, maxBytes: 4 * 2 ** 20, maxAgeMs: 10_000 },
      flow: { maxMessages: 10 * messagesPerSecond, maxBytes: 64 * 2 ** 20 },
      streams: 5,
      concurrentLandings,
      ackDeadlineSeconds: 60,
      drainMs: 7_000,
      unhealthyAfterSeconds: 300,
    },
    messages: (messagesPerSecond * durationMs) / 1000,
    // What only BigQuery finds bad is rare: nearly all that is bad is known before.
    poison: 0.0001,
    hasOversize: false,
    durationMs,
    bursts: [],
    disorder,
    outages: [{ service, from: startOfTime + minuteMs, to: startOfTime + durationMs, hangs }],
    rates: new Map(),
  }
}
