import { expect, test } from 'vitest'
import { hour } from './event.ts'
import { withFaults, type Faults, type Publication } from './faults.ts'
import { spreadOver } from './pace.ts'
import { openShop } from './shop.ts'
import { takeEvents } from './take-events.ts'
import { count, emptyTally, tell } from './tally.ts'

const start = Date.parse('2026-02-08T00:00:00Z')
const none: Faults = { malformed: 0, duplicates: 0, late: 0, outOfOrder: 0 }
const events = 10_000

function published(faults: Partial<Faults>): Publication[] {
  const seed = 11
  const pace = spreadOver(start, start + 240 * hour, events)
  const shop = openShop({ seed, start, pace })
  return [...takeEvents(withFaults(shop, { ...none, ...faults }, seed), events)]
}

test('without faults every event is published once, as it happened', () => {
  const messages = published({})

  expect(messages.length).toBe(events)
  expect(messages.every(({ identity }) => identity)).toBe(true)
  expect(messages.every(({ time, eventTime }) => time === eventTime)).toBe(true)
})

test('a duplicate is the same bytes, later, and marked as such', () => {
  const messages = published({ duplicates: 0.02 })
  const seen = new Map<string | undefined, Publication>()
  for (const message of messages) {
    const first = seen.get(message.identity)
    expect(message.isDuplicate).toBe(first !== undefined)
    expect(message.data).toEqual((first ?? message).data)
    seen.set(message.identity, message)
  }

  const duplicates = messages.length - events
  expect(duplicates / events).toBeGreaterThan(0.017)
  expect(duplicates / events).toBeLessThan(0.023)
})

test('malformed events have a fault and no identity, and are about as many as asked for', () => {
  const malformed = published({ malformed: 0.01 }).filter(({ fault }) => fault)

  expect(malformed.every(({ identity }) => identity === undefined)).toBe(true)
  expect(malformed.length / events).toBeGreaterThan(0.008)
  expect(malformed.length / events).toBeLessThan(0.012)
})

test('a late event is published hours after it happened, after younger ones', () => {
  const messages = published({ late: 0.02 })
  const late = messages.filter(({ delay }) => delay === 'late')

  expect(late.length / events).toBeGreaterThan(0.016)
  expect(late.every(({ time, eventTime }) => time - eventTime >= hour)).toBe(true)
  expect(messages.map(({ time }) => time)).toEqual(
    messages.map(({ time }) => time).toSorted((left, right) => left - right),
  )
})

test('the same seed spoils, doubles and delays the same events', () => {
  const faults = { malformed: 0.05, duplicates: 0.05, late: 0.05, outOfOrder: 0.05 }

  expect(published(faults)).toEqual(published(faults))
})

test('reading on continues where the last reading stopped', () => {
  const faults = { ...none, duplicates: 0.1, late: 0.1 }
  const source = () =>
    withFaults(openShop({ seed: 3, start, pace: spreadOver(start, start + hour, 300) }), faults, 3)
  const inTwo = source()
  const first = [...takeEvents(inTwo, 100)]
  const second = [...takeEvents(inTwo, 200)]

  expect([...first, ...second]).toEqual([...takeEvents(source(), 300)])
})

test('the tally counts events once and messages each', () => {
  const messages = published({ malformed: 0.01, duplicates: 0.02, late: 0.02, outOfOrder: 0.01 })
  const tally = emptyTally()
  count(tally, messages)

  expect(tally.events).toBe(events)
  expect(tally.messages).toBe(events + tally.duplicates)
  expect(Object.values(tally.byType).reduce((sum, number) => sum + number)).toBe(tally.messages)
  expect(Object.values(tally.byFault).reduce((sum, number) => sum + number)).toBe(tally.malformed)
  expect(tell(tally)).toMatch(
    /^10,\d{3} messages \(.+\); of these \d+ malformed, \d+ published twice/,
  )
})
