import { UsageError, wholeNumber, type CommandValues } from '../../command/command.ts'
import { minute, second } from './event.ts'
import type { Faults } from './faults.ts'
import { spreadOver, type Pace } from './pace.ts'
import { duration, moment, rate } from './parse-options.ts'
import { readFaults } from './read-faults.ts'

export const options = {
  project: {
    type: 'string',
    value: 'ID',
    help: 'project of the topic (default $GOOGLE_CLOUD_PROJECT)',
  },
  topic: { type: 'string', value: 'NAME', help: 'where to publish (default backend-events-topic)' },
  out: {
    type: 'string',
    value: 'FILE',
    help: 'write one event a line to this file, publish nothing',
  },
  count: { type: 'string', value: 'N', help: 'how many events (default 1000)' },
  duration: {
    type: 'string',
    value: 'TIME',
    help: 'how long: 90s, 15m; with --rate, instead of --count',
  },
  rate: { type: 'string', value: 'N', help: 'events a second (default: as fast as possible)' },
  seed: {
    type: 'string',
    value: 'N',
    help: 'the same seed and --start: the same events (default: any)',
  },
  start: {
    type: 'string',
    value: 'TIME',
    help: 'when the shop opens (default: --span before now)',
  },
  span: {
    type: 'string',
    value: 'TIME',
    help: 'time of the shop that the events cover (default 2d)',
  },
  malformed: {
    type: 'string',
    value: 'SHARE',
    help: 'events that break their contract (default 0%)',
  },
  duplicates: {
    type: 'string',
    value: 'SHARE',
    help: 'events that are published twice (default 0%)',
  },
  late: {
    type: 'string',
    value: 'SHARE',
    help: 'events published hours or days late (default 0%)',
  },
  'out-of-order': {
    type: 'string',
    value: 'SHARE',
    help: 'events after younger ones (default 0%)',
  },
} as const

/** What a command line asks for. */
export type Plan = {
  seed: number
  start: number
  events: number
  pace: Pace
  faults: Faults
  perSecond?: number
}

/** Reads the options that say what to generate; each wrong one is a UsageError. */
export function readPlan(values: CommandValues<typeof options>, now: number): Plan {
  const perSecond = values.rate === undefined ? undefined : rate('rate', values.rate)
  const events = readCount(values, perSecond)
  const seed =
    values.seed === undefined ? now % 2 ** 31 : wholeNumber('seed', values.seed, { to: 2 ** 31 })
  const faults = readFaults(values, { malformed: 0, duplicates: 0, late: 0, outOfOrder: 0 })
  const span = duration('span', values.span ?? '2d')
  const start =
    values.start === undefined ? startBefore(now, span, events) : moment('start', values.start)
  const pace = spreadOver(start, start + span, events)
  return { seed, start, events, pace, faults, ...(perSecond && { perSecond }) }
}

function readCount(values: CommandValues<typeof options>, perSecond?: number): number {
  if (values.duration === undefined) {
    return wholeNumber('count', values.count ?? '1000', { from: 1 })
  }
  if (values.count !== undefined) throw new UsageError('--count and --duration exclude each other')
  if (!perSecond) throw new UsageError('--duration needs --rate')
  return Math.max(1, Math.round((duration('duration', values.duration) / second) * perSecond))
}

/**
 * When a shop must open whose events cover the span and end by now: the last one comes near the end of the
 * span, the fewer events the less near.
 */
export function startBefore(now: number, span: number, events: number): number {
  return Math.floor(now - span - 15 * minute - span * (0.02 + 4 / Math.sqrt(events)))
}
