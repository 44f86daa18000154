import { expect, test } from 'vitest'
import { readOptions } from './options.ts'

const environment = {
  GOOGLE_CLOUD_PROJECT: 'shop-events',
  BUCKET: 'landing',
  RAW_TABLE: 'raw.raw_events',
}

test('where nothing is chosen all of output/ is checked', () => {
  expect(readOptions({}, environment)).toMatchObject({
    ledgerTable: { dataset: 'events', table: 'ledger' },
    isAll: true,
    settleMinutes: 10,
    spans: [{ prefix: 'output/' }],
  })
  expect(readOptions({ 'event-type': ['order'] }, environment).isAll).toBe(false)
})

test.each([
  [{ from: 'today' }, '--from must be an hour of publication in UTC such as 2025-02-08T13'],
  [
    { from: '2025-02-08T13', to: '2025-02-08T13' },
    '--from 2025-02-08T13 must be an hour before --to 2025-02-08T13',
  ],
  [{ settle: 'soon' }, "--settle must be a whole number from 0 up, not 'soon'"],
])('%j is refused in a sentence', (values, sentence) => {
  expect(() => readOptions(values, environment)).toThrow(sentence)
})
