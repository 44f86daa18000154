import { join, relative } from 'node:path'
import { grouped, type Tally } from '../generator/tally.ts'
import { bucket } from './names.ts'
import type { DemoOptions } from './options.ts'
import type { LandedFiles } from './read-files.ts'
import type { Tables } from './read-tables.ts'
import { root } from './start-child.ts'
import type { OpenCloud } from './open-cloud.ts'

export type Results = {
  cloud: OpenCloud
  tally: Tally
  files: LandedFiles
  tables: Tables
  assertionsPassed: number[]
}

/** What came of it, in figures that a person can add up. */
export function summary({ cloud, tally, files, tables, assertionsPassed }: Results): string {
  const { rawEvents, typed, rejected, suppressed } = tables
  const suppressedEvents = sum(suppressed.map(({ events }) => events))
  const again = rawEvents.length - tally.messages
  const rows: [string, number, string][] = [
    ['messages published', tally.messages, published(tally)],
    ['lines under output/', files.lines.length, `in ${grouped(files.files)} files`],
    ['raw events', rawEvents.length, again > 0 ? `${grouped(again)} of them delivered again` : ''],
    ...['order', 'inventory', 'user_activity'].map((type): [string, number, string] => [
      tableNames[type] ?? type,
      typed.filter(({ event_type }) => event_type === type).length,
      'typed',
    ]),
    ['rejected events', rejected.length, reasons(rejected)],
    ['duplicates suppressed', suppressedEvents, 'their events are typed once'],
    [
      'assertions passed',
      sum(assertionsPassed),
      `${assertionsPassed.join(' and ')} in the runs of Dataform`,
    ],
  ]
  const width = Math.max(...rows.map(([name]) => name.length))
  const lines = rows.map(([name, number, note]) =>
    `  ${name.padEnd(width)}  ${grouped(number).padStart(7)}  ${note}`.trimEnd(),
  )
  return [...lines, '', ...places(cloud, files)].join('\n')
}

const tableNames: Record<string, string> = { order: 'orders' }

function published({ events, duplicates, malformed, late, outOfOrder }: Tally): string {
  const parts = [
    `${grouped(events)} events`,
    `${grouped(duplicates)} of them twice`,
    `${grouped(malformed)} malformed`,
    `${grouped(late)} late`,
    `${grouped(outOfOrder)} out of order`,
  ]
  return parts.join(', ')
}

/** A rejected event may have several reasons; the first counts, so that the sum is the number of events. */
function reasons(rejected: Tables['rejected']): string {
  const codes = Map.groupBy(rejected, (event) => event.reasons[0]?.code ?? 'no reason')
  const counts = [...codes].map(([code, { length }]) => ({ code, length }))
  return counts
    .toSorted((left, right) => right.length - left.length)
    .map(({ code, length }) => `${code} ${grouped(length)}`)
    .join(', ')
}

function places(cloud: OpenCloud, { lines }: LandedFiles): string[] {
  const files = join(cloud.storageFolder, bucket)
  const order = lines.find(({ event_type }) => event_type === 'order')
  return [
    `Files     ${shown(files)}/${order?.file ?? 'output'}`,
    `Database  ${shown(cloud.databaseFile)} (DuckDB)`,
  ]
}

/** What to type next. */
export function afterwards(
  { environment }: OpenCloud,
  { keepRate, folder }: Pick<DemoOptions, 'keepRate' | 'folder'>,
): string {
  if (keepRate === undefined) {
    const data = shown(folder)
    const commands = [
      [`npm run local -- --data ${data}`, 'serves these tables and files to any client'],
      ['npm start -- --keep', 'the same again, and it goes on with a stream of events'],
      ['npm start -- --help', 'other numbers of events, other shares of faults'],
    ]
    const width = Math.max(...commands.map(([command = '']) => command.length))
    const lines = commands.map(([command = '', what]) => `  ${command.padEnd(width)}  ${what}`)
    return ['Next:', ...lines].join('\n')
  }
  const variables = Object.entries(environment).map(([name, value]) => `export ${name}=${value}`)
  return [
    "In another shell, Google's clients talk to this cloud with:",
    '',
    ...variables,
    '',
    `It goes on with ${keepRate} events a second, and Dataform every 30 seconds. Ctrl-C ends it.`,
  ].join('\n')
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

/** As short as it can be typed from the root of the repository. */
function shown(path: string): string {
  const short = relative(root, path)
  return short.startsWith('..') ? path : short
}
