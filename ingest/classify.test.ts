import { expect, test } from 'vitest'
import { classify } from './classify.ts'
import { contractValidators } from './contract-validators.ts'
import { sampleEvents } from './testing-events.ts'

const validators = contractValidators()
const look = (data: Buffer | string) => classify(Buffer.from(data), validators)
const codes = (data: Buffer | string) => look(data).errors.map(({ code }) => code)
const { order, inventory, user_activity } = sampleEvents

test.each(Object.values(sampleEvents))(
  'a good event of type $event_type has no errors',
  (event) => {
    const text = JSON.stringify(event)

    const { eventType, payload, rawPayload, errors } = look(text)

    expect(errors).toEqual([])
    expect(eventType).toBe(event.event_type)
    expect(payload?.toString()).toBe(text)
    expect(rawPayload).toBeUndefined()
  },
)

test('unknown fields are kept and break nothing', () => {
  const text = JSON.stringify({ ...order, extra: { deep: [1, null] }, __proto__x: 1 })

  expect(look(text).errors).toEqual([])
  expect(look(text).payload?.toString()).toBe(text)
})

test('the text between line breaks stays token for token', () => {
  const text = ` {\r\n\t"event_type" : "inventory",\n "a\\nb":1.10 , "c":1E2}\n`

  expect(look(text).payload?.toString()).toBe(
    ` {  \t"event_type" : "inventory",  "a\\nb":1.10 , "c":1E2} `,
  )
})

test('a rejected event says what is wrong, and where, for each fault', () => {
  const [item] = order.items
  const event = {
    ...order,
    order_id: 'x',
    status: 'lost',
    items: [item, { ...item, quantity: '2' }],
    shipping_address: { street: '', city: '' },
  }

  expect(look(JSON.stringify(event)).errors).toEqual([
    { code: 'wrong_format', path: '/order_id', message: 'must match format "uuid"' },
    {
      code: 'not_allowed',
      path: '/status',
      message: 'must be one of pending, processing, shipped, delivered',
    },
    { code: 'wrong_type', path: '/items/1/quantity', message: 'must be integer' },
    { code: 'missing_field', path: '/shipping_address/country', message: 'is missing' },
  ])
})

test.each([
  [{ ...inventory, quantity_change: 101 }, 'out_of_range'],
  [{ ...inventory, quantity_change: -101 }, 'out_of_range'],
  [{ ...inventory, quantity_change: 1.5 }, 'wrong_type'],
  [{ ...inventory, timestamp: '2025-02-30T00:00:00Z' }, 'wrong_format'],
  [{ ...user_activity, timestamp: '2025-02-08 13:09:00' }, 'wrong_format'],
  [{ ...user_activity, metadata: null }, 'wrong_type'],
])('%j is rejected as %s', (event, code) => expect(codes(JSON.stringify(event))).toEqual([code]))

test('the number of errors stays small however much is wrong', () => {
  const few = { ...order, items: Array.from({ length: 500 }, () => 0) }
  const many = { ...order, items: Array.from({ length: 100_000 }, () => 0) }

  expect(codes(JSON.stringify(few))).toHaveLength(20)
  expect(codes(JSON.stringify(many))).toHaveLength(1)
})

test.each([
  '{}',
  '{"event_type":"../../x"}',
  '{"event_type":"constructor"}',
  '{"event_type":"__proto__"}',
  '{"event_type":["order"]}',
  '{"event_type":null}',
  '{"__proto__":{"event_type":"order"}}',
])('%s is of no known type', (text) => {
  expect(look(text)).toMatchObject({
    eventType: 'unknown',
    payload: Buffer.from(text),
    errors: [{ code: 'unknown_event_type', path: '/event_type' }],
  })
})

test.each([
  ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d]), 'invalid_utf8'],
  ['a surrogate in UTF-8', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), 'invalid_utf8'],
  ['nothing', '', 'invalid_json'],
  ['text', 'order shipped', 'invalid_json'],
  ['a byte order mark', '\ufeff{}', 'invalid_json'],
  ['a raw NUL', '{"a":"\0"}', 'invalid_json'],
  ['a raw line break in a string', '{"a":"\n"}', 'invalid_json'],
  ['two values', '{}{}', 'invalid_json'],
  ['NaN', '{"a":NaN}', 'invalid_json'],
  ['a list', '[{}]', 'not_an_object'],
  ['null', 'null', 'not_an_object'],
  ['a string', '"order"', 'not_an_object'],
  ['a 30-digit number', '{"a":123456789012345678901234567890}', 'inexact_number'],
  ['1e400', '{"a":[1e400]}', 'inexact_number'],
  ['a lone high surrogate', '{"a":"\\ud800"}', 'lone_surrogate'],
  ['a lone low surrogate', '{"a":"\\uDC00x"}', 'lone_surrogate'],
  ['a high surrogate before another escape', '{"a":"\\uD800\\u0041"}', 'lone_surrogate'],
  ['surrogates in the wrong order', '{"\\udc00\\ud800":1}', 'lone_surrogate'],
  ['the same key twice', '{"a":1,"a":1}', 'duplicate_key'],
  ['the same key twice, spelled otherwise', '{"a":1,"\\u0061":1}', 'duplicate_key'],
  ['the same key twice, deep', '{"a":[{"b":{"c":1,"c":2}}]}', 'duplicate_key'],
  ['nesting of 501', `{"a":${'['.repeat(500)}${']'.repeat(500)}}`, 'too_deep'],
  ['nesting without end', '{"a":'.repeat(500_000) + '1' + '}'.repeat(500_000), 'too_deep'],
  ['brackets without end', '['.repeat(5_000_000), 'invalid_json'],
])('%s is kept as bytes, with the reason', (_, data, code) => {
  const { payload, rawPayload, errors } = look(data)

  expect(errors.map((error) => error.code)).toEqual([code])
  expect(payload).toBeUndefined()
  expect(rawPayload?.equals(Buffer.from(data))).toBe(true)
})

test.each([
  ['nesting of 500', `{"a":${'['.repeat(499)}${']'.repeat(499)}}`],
  ['a surrogate pair', '{"a":"\\ud83d\\uDE00"}'],
  ['an escaped backslash before ud800', '{"a":"\\\\ud800"}'],
  ['NUL as an escape', '{"a":"\\u0000"}'],
  ['U+2028', '{"a":"\u2028"}'],
  ['colons, brackets and digits in strings', '{"a:b":"{\\"c\\":[1e400]}"}'],
  ['the same key in two objects', '{"a":{"b":1},"c":{"b":1}}'],
  ['__proto__ as a key', '{"__proto__":{"b":1}}'],
  ['a long number that is exact', '{"a":0.30000000000000004}'],
])('%s stays JSON', (_, text) => {
  expect(look(text)).toMatchObject({ eventType: 'unknown', payload: Buffer.from(text) })
  expect(codes(text)).toEqual(['unknown_event_type'])
})

test('a known type is known even where its payload is kept as bytes', () => {
  expect(look('{"event_type":"order","n":1e400}')).toMatchObject({ eventType: 'order' })
})

test.each([
  ['behind', `${sampleEvents.order.order_id}x`],
  ['before', `x${sampleEvents.order.order_id}`],
  ['in a line after', `${sampleEvents.order.order_id}\n`],
])('a UUID with something %s it is none', (_, order_id) => {
  expect(codes(JSON.stringify({ ...sampleEvents.order, order_id }))).toEqual(['wrong_format'])
})
