import { expect, test } from 'vitest'
import { objectName } from '../ingest/object-name.ts'
import { createGaps } from './gaps.ts'

const names = (minute: string, numbers: number[]) =>
  numbers
    .map((number) => ({ eventType: 'order' as const, minute, number }))
    .toSorted((a, b) => (objectName(...fields(a)) < objectName(...fields(b)) ? -1 : 1))
const fields = ({
  eventType,
  minute,
  number,
}: {
  eventType: 'order'
  minute: string
  number: number
}) => [eventType, minute, number] as const

test('names the numbers that are left out of a minute when the minute is over', () => {
  const gaps = createGaps()
  for (const name of names('2025-02-08T13:09', [2, 3, 6])) gaps.see(name)
  expect(gaps.take()).toEqual([])

  for (const name of names('2025-02-08T13:10', [1, 2])) gaps.see(name)

  expect(gaps.take()).toEqual(
    [1, 4, 5].map((number) => objectName('order', '2025-02-08T13:09', number)),
  )
  expect(gaps.take(true)).toEqual([])
})

test('a minute with more than 9,999 files comes out of the order of numbers', () => {
  const gaps = createGaps()
  const all = Array.from({ length: 10_050 }, (_, index) => index + 1)
  for (const name of names('2025-02-08T13:09', all)) gaps.see(name)

  expect(gaps.take(true)).toEqual([])
})
