import { expect, test } from 'vitest'
import { showSummary, summarize, table } from './statistics.ts'

test('the median of an even number of figures lies between the two in the middle', () => {
  expect(summarize([4, 1, 3, 2])).toEqual({ median: 2.5, least: 1, most: 4 })
  expect(summarize([10, 9, 100])).toEqual({ median: 10, least: 9, most: 100 })
})

test('no figures have no median', () => {
  expect(() => summarize([])).toThrow('there is nothing to summarize')
})

test('a summary is shown with its spread', () => {
  expect(showSummary({ median: 48_211.4, least: 46_000, most: 50_000 }, 0)).toBe(
    '48,211 (46,000 to 50,000)',
  )
})

test('columns of a table are aligned, numbers to the right', () => {
  const shown = table([
    ['', 'events/s'],
    ['ingester', '9'],
  ])

  expect(shown).toBe('          events/s\ningester         9')
})
