import { expect, test } from 'vitest'
import type { Field } from '../../catalog/resources.ts'
import { parseRow } from './parse-row.ts'

const fields: Field[] = [
  { name: 'id', type: 'INTEGER' },
  { name: 'payload', type: 'JSON' },
  { name: 'many', type: 'JSON', mode: 'REPEATED' },
  { name: 'inner', type: 'RECORD', fields: [{ name: 'json', type: 'JSON' }] },
]

test('a JSON column keeps its text, character for character', () => {
  const payload = '{ "b" : 1.0, "a":"}\\"{", "n":123456789012345678901234567890 }'

  const row = parseRow(`{"id":1,"payload":${payload} ,"x":[]}`, fields)

  expect(row).toEqual({ id: 1, payload, x: [] })
})

test('keeps texts inside structs and arrays too', () => {
  const row = parseRow('{"many":[1.0, {"a":[1]},"s"],"inner":{"json":[ 1e2 ]}}', fields)

  expect(row).toEqual({ many: ['1.0', '{"a":[1]}', '"s"'], inner: { json: '[ 1e2 ]' } })
})

test('null is no text', () => {
  expect(parseRow('{"payload":null,"many":[]}', fields)).toEqual({ payload: null, many: [] })
})

test('an integer that a double cannot hold stays exact', () => {
  expect(parseRow('{"id":9007199254740993}', fields)).toEqual({ id: '9007199254740993' })
  expect(parseRow('{"id": -9223372036854775808}', [])).toEqual({ id: '-9223372036854775808' })
})

test.each(['{"id":1', '[1]', '1', ''])('%j is refused', (line) => {
  expect(() => parseRow(line, fields)).toThrow(SyntaxError)
})
