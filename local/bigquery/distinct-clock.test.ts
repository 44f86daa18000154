import { expect, test } from 'vitest'
import { createDistinctClock } from './distinct-clock.ts'

test('no time is given twice in microseconds, though the clock below stands still or goes back', () => {
  let now = Date.UTC(2025, 1, 8)
  const clock = createDistinctClock(() => now)
  const times: number[] = []
  for (let look = 0; look < 2000; look++) {
    if (look === 1000) now -= 5
    times.push(Math.round(clock() * 1000))
  }

  expect(new Set(times).size).toBe(2000)
  expect(times).toEqual(times.toSorted((a, b) => a - b))
  now += 60_000
  expect(clock()).toBe(now)
})
