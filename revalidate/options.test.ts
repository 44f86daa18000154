import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

const env = {
  GOOGLE_CLOUD_PROJECT: 'shop-events',
  BUCKET: 'landing',
  RAW_TABLE: 'raw.raw_events',
}

test('everything is revalidated where nothing is chosen', () => {
  expect(readOptions([], env)).toEqual({
    projectId: 'shop-events',
    bucket: 'landing',
    rawTable: 'raw.raw_events',
    rejectedTable: 'events.rejected_events',
    dryRun: false,
    since: undefined,
    codes: [],
  })
})

test('times are UTC, and codes may be several', () => {
  const args = ['--dry-run', '--since', '2025-02-08', '--code', 'a', '--code', 'b']

  expect(readOptions(args, env)).toMatchObject({
    dryRun: true,
    since: new Date('2025-02-08T00:00:00Z'),
    codes: ['a', 'b'],
  })
  expect(readOptions(['--since', '2025-02-08T13:09Z'], env)).toMatchObject({
    since: new Date('2025-02-08T13:09:00Z'),
  })
})

test.each([
  [
    ['--since', 'yesterday'],
    {},
    "--since must be a UTC date or time, such as 2025-02-08 or 2025-02-08T13:00Z, not 'yesterday'",
  ],
  [['--since', '2025-02-30T25:00Z'], {}, "not '2025-02-30T25:00Z'"],
  [['--all'], {}, "Unknown option '--all'"],
  [['order'], {}, "Unexpected argument 'order'"],
  [
    [],
    { RAW_TABLE: 'raw_events' },
    "RAW_TABLE is 'raw_events': expected dataset.table, such as raw.raw_events",
  ],
  [[], { BUCKET: '', RAW_TABLE: '' }, 'missing from the environment: BUCKET, RAW_TABLE'],
])('%j with %j is one sentence', (args, changes, sentence) => {
  expect(() => readOptions(args, { ...env, ...changes })).toThrow(sentence)
})

test('help is asked for without an environment', () => {
  expect(readOptions(['--help'], {})).toBe('help')
})
