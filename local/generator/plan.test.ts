import { expect, test } from 'vitest'
import { UsageError } from '../../command/command.ts'
import { day } from './event.ts'
import { readPlan } from './plan.ts'

const now = Date.parse('2026-02-08T13:09:00Z')

test('without options a thousand events of the last two days', () => {
  const plan = readPlan({}, now)

  expect(plan).toMatchObject({ events: 1000, faults: { malformed: 0, late: 0 } })
  expect(plan.start).toBeLessThan(now - 2 * day)
})

test('shares are percentages or fractions', () => {
  const { faults } = readPlan({ malformed: '1%', duplicates: '0.02', late: '2.5%' }, now)

  expect(faults).toEqual({ malformed: 0.01, duplicates: 0.02, late: 0.025, outOfOrder: 0 })
})

test('a duration and a rate make a number of events', () => {
  expect(readPlan({ duration: '2m', rate: '200' }, now)).toMatchObject({
    events: 24_000,
    perSecond: 200,
  })
})

test.each([
  [{ count: '0' }, "--count must be a whole number from 1 up, not '0'"],
  [{ count: 'many' }, "--count must be a whole number from 1 up, not 'many'"],
  [{ rate: '0' }, "--rate must be a number above 0, not '0'"],
  [{ duration: '10s' }, '--duration needs --rate'],
  [{ duration: '10', rate: '1' }, "--duration must be a time such as 90s, 15m, 6h or 2d, not '10'"],
  [{ duration: '10s', count: '5', rate: '1' }, '--count and --duration exclude each other'],
  [{ malformed: '101%' }, "--malformed must be a share from 0% to 100%, not '101%'"],
  [{ late: 'often' }, "--late must be a share from 0% to 100%, not 'often'"],
  [
    { late: '60%', 'out-of-order': '60%' },
    '--late and --out-of-order together must be at most 100%',
  ],
  [{ seed: '-1' }, "--seed must be a whole number from 0 to 2147483648, not '-1'"],
  [{ start: '2026-02-08' }, '--start must be a time with its zone'],
  [{ span: '0d' }, '--span must be a time such as'],
])('%j is refused in one sentence', (values, sentence) => {
  expect(() => readPlan(values, now)).toThrow(UsageError)
  expect(() => readPlan(values, now)).toThrow(sentence)
})
