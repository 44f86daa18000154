import { expect, test } from 'vitest'
import { quotedTable, readLandingPlace } from './environment.ts'

const environment = {
  GOOGLE_CLOUD_PROJECT: 'shop-events',
  BUCKET: 'landing',
  RAW_TABLE: 'raw.raw_events',
}

test('a landing place is read from the variables of the ingester', () => {
  const place = readLandingPlace(environment)

  expect(place).toEqual({
    projectId: 'shop-events',
    bucket: 'landing',
    rawTable: { dataset: 'raw', table: 'raw_events' },
  })
  expect(quotedTable(place.projectId, place.rawTable)).toBe('`shop-events.raw.raw_events`')
})

test.each([
  [{ BUCKET: '', RAW_TABLE: undefined }, 'missing from the environment: BUCKET, RAW_TABLE'],
  [
    { RAW_TABLE: 'raw_events' },
    "RAW_TABLE is 'raw_events': expected dataset.table, such as raw.raw_events",
  ],
  [{ RAW_TABLE: 'p.raw.raw_events' }, "RAW_TABLE is 'p.raw.raw_events': expected dataset.table"],
  [
    { BIGQUERY_EMULATOR_HOST: '127.0.0.1:9050' },
    "BIGQUERY_EMULATOR_HOST is '127.0.0.1:9050': expected an address with http://",
  ],
])('with %j it says in a sentence what is wrong', (changes, sentence) => {
  expect(() => readLandingPlace({ ...environment, ...changes })).toThrow(sentence)
})
