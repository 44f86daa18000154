import { join, resolve } from 'node:path'
import { UsageError, wholeNumber, type CommandValues } from '../../command/command.ts'
import type { Faults } from '../generator/faults.ts'
import { rate } from '../generator/parse-options.ts'
import { readFaults } from '../generator/read-faults.ts'
import { root } from './start-child.ts'

export const options = {
  events: { type: 'string', value: 'N', help: 'events of the first round (default 10000)' },
  more: { type: 'string', value: 'N', help: 'events of the second round (default 2000)' },
  malformed: {
    type: 'string',
    value: 'SHARE',
    help: 'events that break their contract (default 1%)',
  },
  duplicates: {
    type: 'string',
    value: 'SHARE',
    help: 'events that are published twice (default 2%)',
  },
  late: {
    type: 'string',
    value: 'SHARE',
    help: 'events published hours or days late (default 2%)',
  },
  'out-of-order': {
    type: 'string',
    value: 'SHARE',
    help: 'events after younger ones (default 1%)',
  },
  data: {
    type: 'string',
    value: 'FOLDER',
    help: 'where it keeps everything, made anew (default .local/demo)',
  },
  seed: { type: 'string', value: 'N', help: 'which shop it is (default 1)' },
  keep: { type: 'boolean', help: 'go on with a slow stream of events until Ctrl-C' },
  rate: { type: 'string', value: 'N', help: 'events a second of that stream (default 5)' },
} as const

export type DemoOptions = {
  /** What is in it from an earlier run will be deleted. */
  folder: string
  events: number
  more: number
  faults: Faults
  seed: number
  /** Events a second to go on with; absent: the demo ends. */
  keepRate?: number
}

const usualFaults: Faults = { malformed: 0.01, duplicates: 0.02, late: 0.02, outOfOrder: 0.01 }

/** What the command line asks for; each wrong option is a UsageError. */
export function readOptions(values: CommandValues<typeof options>): DemoOptions {
  if (values.rate !== undefined && !values.keep) throw new UsageError('--rate needs --keep')
  return {
    folder: resolve(values.data ?? join(root, '.local', 'demo')),
    events: wholeNumber('events', values.events ?? '10000', { from: 1 }),
    more: wholeNumber('more', values.more ?? '2000', { from: 1 }),
    faults: readFaults(values, usualFaults),
    seed: wholeNumber('seed', values.seed ?? '1', { to: 2 ** 31 }),
    ...(values.keep && { keepRate: rate('rate', values.rate ?? '5') }),
  }
}
