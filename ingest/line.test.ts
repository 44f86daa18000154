import { expect, test } from 'vitest'
import { classify } from './classify.ts'
import { contractValidators } from './contract-validators.ts'
import { encodeLines, encodeRows, rowBytes } from './line.ts'
import { event, message, sampleEvents } from './testing-events.ts'
import { asRefused, toEvent } from './to-event.ts'

const name = 'output/inventory/2025/02/08/13/09/inventory_2025020813090001.json'
const validators = contractValidators()

test('a line has the columns of raw_events in their order, the payload as it was published', () => {
  const good = event({ payload: Buffer.from('{"a": 1.10}'), attributes: { origin: 'web "x"' } })

  expect(encodeLines([good], name).toString()).toBe(
    '{"message_id":"1","publish_time":"2025-02-08T13:09:59.123Z","event_type":"inventory",' +
      '"payload":{"a": 1.10},"attributes":{"origin":"web \\"x\\""},"source":"pubsub",' +
      `"object_name":"${name}"}\n`,
  )
})

test('a line without payload has the bytes and the reason', () => {
  const errors = [{ code: 'invalid_json', path: '', message: 'the message is not JSON' }]
  const bad = event({ payload: undefined, rawPayload: Buffer.from([0xff]), errors })

  expect(JSON.parse(encodeLines([bad], name).toString())).toEqual({
    message_id: '1',
    publish_time: '2025-02-08T13:09:59.123Z',
    event_type: 'inventory',
    raw_payload: '/w==',
    errors,
    source: 'pubsub',
    object_name: name,
  })
})

test('a row has the same values as its line, its JSON columns as strings', () => {
  const texts = [
    JSON.stringify(sampleEvents.order),
    '{\t"a":"\\"\\\\\\u0000\u2028ü😀\\ud83d\\ude00" ,\r\n"b":"\\n"}',
    'not JSON "',
    '',
  ]
  const events = texts.map((text, index) =>
    toEvent(
      message({ data: Buffer.from(text), messageId: `${index}`, attributes: { ä: '"' } }),
      validators,
      0,
    ),
  )

  const lines = encodeLines(events, name).toString().trimEnd().split('\n')
  const { rows, skipInvalidRows } = JSON.parse(encodeRows(events, name).toString())

  expect(skipInvalidRows).toBe(true)
  expect(rows).toHaveLength(texts.length)
  for (const [index, line] of lines.entries()) {
    const { insertId, json } = rows[index]
    const { payload, attributes, ...rest } = JSON.parse(line)
    const { payload: payloadText, attributes: attributesText, ...rowRest } = json
    expect(insertId).toBe(rest.message_id)
    expect(rowRest).toEqual(rest)
    expect(JSON.parse(attributesText)).toEqual(attributes)
    expect(payloadText && JSON.parse(payloadText)).toEqual(payload)
  }
})

test('the size of a row is never counted too small', () => {
  const awkward = JSON.stringify({ a: '"\\"'.repeat(5_000) })
  const events = [awkward, '\u0000'.repeat(1_000), JSON.stringify(sampleEvents.order)].map((text) =>
    toEvent(
      message({ data: Buffer.from(text), attributes: { k: '"'.repeat(900) } }),
      validators,
      0,
    ),
  )

  for (const each of events) {
    expect(rowBytes(each)).toBeGreaterThanOrEqual(encodeRows([each], name).length - 100)
    expect(rowBytes(each)).toBeLessThan(encodeRows([each], name).length + 1_000)
  }
})

test('a row too large for BigQuery points to the line that has it all', () => {
  const text = JSON.stringify({ ...sampleEvents.order, note: '"'.repeat(4_500_000) })
  const large = toEvent(message({ data: Buffer.from(text) }), validators, 0)

  expect(encodeRows([large], name).length).toBeLessThan(1_000)
  const { payload, raw_payload, errors, object_name } = JSON.parse(
    encodeRows([large], name).toString(),
  ).rows[0].json
  expect([payload, raw_payload, object_name]).toEqual([undefined, undefined, name])
  expect(errors).toMatchObject([{ code: 'row_too_large' }])
  const line = encodeLines([large], name).toString()
  expect(line).toContain(text)
  expect(JSON.parse(line).errors).toEqual(errors)
})

test('an event just below the limit keeps its payload in the row', () => {
  const text = JSON.stringify({ ...sampleEvents.order, note: 'x'.repeat(9_400_000) })
  const large = toEvent(message({ data: Buffer.from(text) }), validators, 0)

  expect(large.errors).toEqual([])
  expect(encodeRows([large], name).length).toBeLessThan(10_000_000)
})

test('a refused event keeps its bytes and gains the reason', () => {
  const refused = asRefused(event(), 'invalid: why')

  expect(refused.rawPayload?.toString()).toBe('{"a":1}')
  expect(refused.errors).toEqual([
    { code: 'refused_by_bigquery', path: '', message: 'invalid: why' },
  ])
  expect(() => encodeRows([refused], name)).not.toThrow()
  // As bytes it is a third longer: too long for a row.
  const large = asRefused(event({ payload: Buffer.alloc(7_500_000, 'a') }), 'invalid: why')
  expect(encodeRows([large], name).length).toBeLessThan(1_000)
})

test('classification counts exactly what escaping adds', () => {
  const text = '{"a\\\\":"\\"","b":"\\u0041\\ud83d\\ude00\\/"}'
  const { escapes } = classify(Buffer.from(text), validators)

  expect(text.length + escapes).toBe(JSON.stringify(text).length - 2)
})
