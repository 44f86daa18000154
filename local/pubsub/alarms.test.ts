import { expect, test } from 'vitest'
import { createAlarms } from './alarms.ts'
import { createVirtualClock } from './virtual-clock.ts'

test('alarms ring in the order of their times, each at its time', () => {
  const clock = createVirtualClock(0)
  const alarms = createAlarms(clock)
  const times = Array.from({ length: 200 }, (_, i) => (i * 7_919) % 1_000)
  const rung: [number, number][] = []

  for (const time of times) alarms.at(time, () => rung.push([time, clock.now()]))
  clock.pass(1_000)

  expect(rung.map(([time]) => time)).toEqual(times.toSorted((a, b) => a - b))
  expect(rung.every(([time, at]) => time === at)).toBe(true)
})

test('an alarm may set the next one, and none rings after the stop', () => {
  const clock = createVirtualClock(0)
  const alarms = createAlarms(clock)
  const rung: number[] = []
  const ring = () => {
    rung.push(clock.now())
    alarms.at(clock.now() + 10, ring)
  }

  alarms.at(10, ring)
  clock.pass(35)
  alarms.stop()
  clock.pass(100)

  expect(rung).toEqual([10, 20, 30])
})
