import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

const env = {
  GOOGLE_CLOUD_PROJECT: 'shop-events',
  BUCKET: 'landing',
  RAW_TABLE: 'raw.raw_events',
}

test('everything is revalidated where nothing is chosen', () => {
  expect(readOptions({}, env)).toEqual({
    projectId: 'shop-events',
    bucket: 'landing',
    rawTable: { dataset: 'raw', table: 'raw_events' },
    rejectedTable: { dataset: 'events', table: 'rejected_events' },
    dryRun: false,
    since: undefined,
    codes: [],
  })
})

test('times are UTC, and codes may be several', () => {
  const values = { 'dry-run': true, since: '2025-02-08', code: ['a', 'b'] }

  expect(readOptions(values, env)).toMatchObject({
    dryRun: true,
    since: new Date('2025-02-08T00:00:00Z'),
    codes: ['a', 'b'],
  })
  expect(readOptions({ since: '2025-02-08T13:09Z' }, env)).toMatchObject({
    since: new Date('2025-02-08T13:09:00Z'),
  })
})

test.each([
  [
    'yesterday',
    "--since must be a UTC date or time, such as 2025-02-08 or 2025-02-08T13:00Z, not 'yesterday'",
  ],
  ['2025-02-30T25:00Z', "not '2025-02-30T25:00Z'"],
])('--since %s is refused in a sentence', (since, sentence) => {
  expect(() => readOptions({ since }, env)).toThrow(sentence)
})
