import { expect, test } from 'vitest'
import { createRandom } from '../local/generator/random.ts'
import { isTimestamp, toRfc3339 } from './timestamp.ts'

test.each([
  '2025-02-08T13:09:00Z',
  '2025-02-08T13:09:00.123456789Z',
  '2025-02-08T13:09:00+01:00',
  '2025-02-08T13:09:00.5-14:00',
  '2024-02-29T23:59:59Z',
  '2000-02-29T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999Z',
])('%s is a timestamp', (text) => expect(isTimestamp(text)).toBe(true))

test.each([
  ['no offset', '2025-02-08T13:09:00'],
  ['a date alone', '2025-02-08'],
  ['a blank for T', '2025-02-08 13:09:00Z'],
  ['lower case', '2025-02-08t13:09:00z'],
  ['no seconds', '2025-02-08T13:09Z'],
  ['a point without digits', '2025-02-08T13:09:00.Z'],
  ['a day that February never has', '2025-02-30T00:00:00Z'],
  ['29 February of a common year', '2025-02-29T00:00:00Z'],
  ['29 February of a common century', '1900-02-29T00:00:00Z'],
  ['31 April', '2025-04-31T00:00:00Z'],
  ['month 19', '2025-19-01T00:00:00Z'],
  ['day 0', '2025-01-00T00:00:00Z'],
  ['hour 24', '2025-02-08T24:00:00Z'],
  ['minute 60', '2025-02-08T13:60:00Z'],
  ['a leap second', '2016-12-31T23:59:60Z'],
  ['an offset beyond BigQuery', '2025-02-08T13:09:00+14:01'],
  ['an offset of 75 minutes', '2025-02-08T13:09:00+01:75'],
  ['an offset without a colon', '2025-02-08T13:09:00+0100'],
  ['year 0', '0000-12-31T00:00:00Z'],
  ['before year 1 in UTC', '0001-01-01T00:00:00+00:01'],
  ['after year 9999 in UTC', '9999-12-31T23:59:59-00:01'],
  ['an epoch', '1739020140'],
  ['something after it', '2025-02-08T13:09:00Z\n'],
])('%s is none', (_, text) => expect(isTimestamp(text)).toBe(false))

test('a text that resembles a time is judged as the grammar of RFC 3339 judges it', () => {
  const grammar =
    /^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d+)?(Z|[+-](0\d|1[0-3]):[0-5]\d|[+-]14:00)$/
  const seed = Math.floor(Math.random() * 1e9)
  const random = createRandom(seed)
  const starts = [
    '2024-02-29T23:59:59.125+14:00',
    '2025-12-31T00:00:00Z',
    '1999-01-01T09:19:29.1-00:30',
  ]
  const digits = [...'0123456789'] as [string, ...string[]]
  const others = [...'0123456789-:.+TZtz ٣'] as [string, ...string[]]
  let timestamps = 0

  for (let round = 0; round < 20_000; round++) {
    const letters = [...random.pick(starts as [string, ...string[]])]
    for (let change = random.integer(0, 2); change > 0; change--) {
      const at = random.integer(0, letters.length - 1)
      const isDigit = /\d/.test(letters[at] ?? '')
      const kept = random.chance(0.9) ? random.pick(isDigit ? digits : others) : ''
      letters.splice(at, 1, kept)
    }
    const text = letters.join('')
    const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
    const date = new Date(Date.UTC(2000, month - 1, day))
    date.setUTCFullYear(year, month - 1, day)
    const isDay = year > 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day

    if (isTimestamp(text)) timestamps++
    expect(isTimestamp(text), `${text}, seed ${seed}`).toBe(grammar.test(text) && isDay)
  }
  expect(timestamps).toBeGreaterThan(1_000)
})

test('a time as text has the digits that BigQuery keeps', () => {
  expect(toRfc3339(0, 0)).toBe('1970-01-01T00:00:00.000Z')
  expect(toRfc3339(1_739_020_199, 7_000_000)).toBe('2025-02-08T13:09:59.007Z')
  expect(toRfc3339(1_739_020_199, 123_456_789)).toBe('2025-02-08T13:09:59.123456Z')
  expect(toRfc3339(1_739_020_200, 1_000)).toBe('2025-02-08T13:10:00.000001Z')
})
