import { expect, test } from 'vitest'
import { contractValidators } from './contract-validators.ts'
import { decodeLine } from './decode-line.ts'
import { encodeLines, encodeRows, rowBytes } from './line.ts'
import { message, sampleEvents } from './testing-events.ts'
import { toEvent } from './to-event.ts'

const name = 'output/order/2025/02/08/13/09/order_2025020813090001.json'
const validators = contractValidators()

test.each([
  ['a good event', JSON.stringify(sampleEvents.order)],
  [
    'text that needs care',
    '{ "event_type":"order", "n": 1.50, "t": "\\"}\\u0000é\u2028,\\"source\\":1" }',
  ],
  ['bytes', Buffer.from([0xff, 0x00])],
  ['an event that breaks its contract', '{"event_type":"order","source":"pubsub"}'],
  ['an oversize event', Buffer.alloc(7_300_000, 0xff)],
])('the rows of %s are the same from its line as from its message', (_, published) => {
  const data = Buffer.from(published)
  const event = toEvent(message({ data, attributes: { origin: 'web "x"' } }), validators, 0)
  const line = encodeLines([event], name).toString().trimEnd()

  const decoded = decodeLine(line, name)

  expect(encodeRows([decoded], name).equals(encodeRows([event], name))).toBe(true)
  expect(rowBytes(decoded)).toBe(rowBytes(event))
})

test('an event that landed again says so in its line and in its row', () => {
  const event = toEvent(message({ data: Buffer.from('{}') }), validators, 0)
  const line = encodeLines([{ ...event, source: 'revalidated' }], name)
    .toString()
    .trimEnd()

  expect(JSON.parse(line)).toMatchObject({ source: 'revalidated' })
  expect(decodeLine(line, name).source).toBe('revalidated')
  const { rows } = JSON.parse(encodeRows([decodeLine(line, name)], name).toString())
  expect(rows).toMatchObject([{ insertId: 'revalidated 1', json: { source: 'revalidated' } }])
})

test('a line of another origin is refused', () => {
  const event = toEvent(message({ data: Buffer.from('{}') }), validators, 0)
  const line = encodeLines([event], name).toString().trimEnd()

  expect(() => decodeLine(line.replace('{"message_id"', '{ "message_id"'), name)).toThrow(
    `${name} holds a line of 1 that the ingester did not write`,
  )
})
