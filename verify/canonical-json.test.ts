import { expect, test } from 'vitest'
import { canonicalText, parseExactly } from './canonical-json.ts'

const canonical = (text: string) => canonicalText(parseExactly(text))

test.each([
  ['{"a":1,"b":[true,null]}', '{ "b" : [ true , null ] , "a" : 1.0 }'],
  ['[1.50, 15e-1, -0.0, 1E2, 0.001]', '[1.5,1.5,0,100,1e-3]'],
  ['["\\u00fc\\u2028"]', '["ü\u2028"]'],
  ['[9007199254740993, 12345678901234567890]', '[9007199254740993.0, 1234567890123456789e1]'],
])('%s and %s are one value', (one, other) => {
  expect(canonical(one)).toBe(canonical(other))
})

test.each([
  ['[9007199254740993]', '[9007199254740992]'],
  ['[0.12345678901234567]', '[0.12345678901234568]'],
  ['[1]', '["1"]'],
  ['[10]', '[1]'],
  ['[-1]', '[1]'],
  ['{"a":1}', '{"A":1}'],
  ['[null]', '[]'],
])('%s and %s are two', (one, other) => {
  expect(canonical(one)).not.toBe(canonical(other))
})
