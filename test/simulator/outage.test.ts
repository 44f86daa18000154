import { expect, test } from 'vitest'
import { outageMs, planOutage } from './outage-plan.ts'
import { simulate } from './simulate.ts'

const messagesPerSecond = 5

test.each([
  ['BigQuery', false],
  ['BigQuery', true],
  ['Cloud Storage', false],
] as const)(
  'ten minutes without %s (calls hang: %s) double nothing, fill no memory and are soon caught up',
  async (service, hangs) => {
    const plan = planOutage(service, { hangs, messagesPerSecond })

    const outcome = await simulate(1, { plan })

    expect(outcome.violation).toBeUndefined()
    expect(outcome.rows).toBe(outcome.messages)
    expect(outcome.mostHeld).toBeLessThan(plan.options.flow.maxMessages + 20)
    expect(outcome.catchUpMs).toBeLessThan(outageMs)
  },
)

test('ten minutes without Pub/Sub lose nothing and are soon caught up', async () => {
  const plan = planOutage('Pub/Sub', { messagesPerSecond })

  const outcome = await simulate(1, { plan })

  expect(outcome.violation).toBeUndefined()
  expect(outcome.catchUpMs).toBeLessThan(outageMs)
})
