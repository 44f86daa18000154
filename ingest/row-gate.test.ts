import { expect, test } from 'vitest'
import { BreakerOpen } from './breaker.ts'
import { createHealth } from './health.ts'
import { RowsRefused } from './land-rows.ts'
import { createReports } from './reports.ts'
import { createRowGate } from './row-gate.ts'
import { createVirtualClock } from './testing-clock.ts'

function openGate() {
  const surroundings = { clock: createVirtualClock(), random: () => 1, log: () => {} }
  const { clock } = surroundings
  const health = createHealth({
    oldestReceivedAt: () => undefined,
    unhealthyAfterSeconds: 1,
    clock,
  })
  const reports = createReports({ ...surroundings, health, signal: new AbortController().signal })
  const gate = createRowGate({ ...surroundings, mode: 'stream', patienceMs: 500, health, reports })
  return { gate, health, clock }
}

test('an answer that comes when rows wait for a load already leaves the ingester healthy', async () => {
  const { gate, health, clock } = openGate()
  const slow = Promise.withResolvers<void>()
  const early = gate.admit()?.(() => slow.promise)
  const late = gate.admit()?.(() => Promise.reject(new Error('503')))
  const outcomes = Promise.allSettled([early, late])
  await clock.advance(1_000)
  expect(health.reasons()).toEqual(['BigQuery: 503; rows wait in their files'])

  slow.reject(new RowsRefused('BigQuery refused 2 rows'))

  expect(await outcomes).toMatchObject([
    { reason: expect.any(BreakerOpen) },
    { reason: expect.any(BreakerOpen) },
  ])
  expect(health.reasons()).toEqual([])
})
