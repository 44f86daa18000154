import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { sampleEvents } from '../ingest/testing-events.ts'
import { asData, startLanding, type Landing } from './testing.ts'

let landing: Landing
beforeAll(async () => void (landing = await startLanding()))
afterAll(() => landing.stop())
beforeEach(() => landing.clear())

const { order, inventory, user_activity } = sampleEvents

test('what the ingester has landed has no problem, however awkward it is', async () => {
  const awkward = [
    asData(order),
    Buffer.from('{"event_type":"inventory","n":9007199254740993,"x":1.50,"y":1e2,"z":-0.0}'),
    Buffer.from(JSON.stringify({ ...order, note: 'nul \0 and \u2028 and "quotes" \\' })),
    Buffer.from(JSON.stringify(order, null, 2).replaceAll('\n', '\r\n')),
    Buffer.from('{"event_type":"order","n":123456789012345678901234567890}'),
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    Buffer.from('{"event_type":"../../x"}'),
    Buffer.from(JSON.stringify({ ...order, note: 'x"'.repeat(4_900_000 / 2) })),
  ].map((data) => ({ data, attributes: { origin: 'test "1"' } }))
  await landing.land(awkward)
  await landing.land([
    { data: asData(inventory) },
    { data: asData(inventory), publishTime: '2025-02-08T13:10:00.123456789Z' },
    { data: asData(user_activity), publishTime: '2025-02-08T14:00:00Z' },
  ])

  const { problems, total, strangers } = await landing.check()

  expect(problems).toEqual([])
  expect(strangers).toBe(0)
  expect(total).toMatchObject({ lines: 11, rows: 11, repeatedRows: 0, unusedNumbers: 0 })
})

test('a row whose payload BigQuery refused holds it as bytes', async () => {
  const [name = ''] = await landing.land([{ messageId: 'a', data: asData(order) }])
  const bytes = asData(order).toString('base64')
  await landing.change(`update raw_events set payload = null, raw_payload = from_base64('${bytes}'),
    errors = [('refused_by_bigquery', '', 'invalid: no')] where ingest_time > '2000-01-01'`)

  expect((await landing.check()).problems).toEqual([])

  await landing.change(`update raw_events set raw_payload = b'{}' where ingest_time > '2000-01-01'`)
  expect((await landing.check()).problems).toEqual([
    `${name}, line 1: the row of message a has another payload, raw_payload`,
  ])
})

test('what has landed is checked by hours of publication and by event type', async () => {
  await landing.landOrders()
  await landing.land([{ data: asData(inventory), publishTime: '2025-02-08T14:00:00Z' }])
  const lines = async (options: Parameters<Landing['check']>[0]) =>
    (await landing.check(options)).total['lines']

  expect(await lines({ from: '2025-02-08T13', to: '2025-02-08T14' })).toBe(3)
  expect(await lines({ from: '2025-02-08T14' })).toBe(1)
  expect(await lines({ eventTypes: ['order'] })).toBe(3)
  expect(await lines({ to: '2025-02-08T13' })).toBe(0)
})

test('many rows are asked for in parts and in pages', async () => {
  await landing.landOrders()
  await landing.land([
    { data: asData(order), publishTime: '2025-02-08T15:00:00Z' },
    { data: asData(inventory), publishTime: '2025-02-08T14:00:00Z' },
  ])

  for (const rowsAQuery of [1, 4, 100]) {
    const { problems, total } = await landing.check({ limits: { rowsAQuery, rowsAPage: 1 } })

    expect([rowsAQuery, problems]).toEqual([rowsAQuery, []])
    expect(total).toMatchObject({ files: 4, lines: 5, rows: 5 })
  }
})
