import { describe, expect, test } from 'vitest'
import { canonicalJson } from './canonical-json.ts'
import { JsonTextError } from './json-text-error.ts'

describe('canonicalJson', () => {
  test.each([
    ['{ "b" : 1 , "a" : [ true , null ] }', '{"a":[true,null],"b":1}'],
    ['{"a":1,"a":2}', '{"a":1}'],
    ['{"b":{"z":1,"y":2},"a":{}}', '{"a":{},"b":{"y":2,"z":1}}'],
    ['9007199254740993', '9007199254740993'],
    ['18446744073709551615', '18446744073709551615'],
    ['1.0', '1.0'],
    ['1e2', '100.0'],
    ['1.50', '1.5'],
    ['-0.0', '-0.0'],
    ['"\\u00e9\\/\\n"', '"é/\\n"'],
    ['{"\\u0062":1,"a":2}', '{"a":2,"b":1}'],
    ['{"\u{1f600}":1,"\uffff":2}', '{"\uffff":2,"\u{1f600}":1}'],
    ['""', '""'],
    ['[]', '[]'],
  ])('keeps %s as %s', (text, canonical) => {
    expect(canonicalJson(text)).toBe(canonical)
  })

  test.each([
    '',
    '{',
    '{"a"}',
    '[1,]',
    '01',
    'nul',
    '"a',
    '"\\ud800"',
    '1e400',
    '123456789012345678901',
    '1 2',
  ])('refuses %s', (text) => {
    expect(() => canonicalJson(text)).toThrow(JsonTextError)
  })

  test.each([
    ['plain text', 'x'],
    ['escapes', String.raw`\"`],
  ])('takes a string of nine megabytes of %s', (_, part) => {
    const text = `{"note":"${part.repeat(9e6 / part.length)}"}`

    expect(canonicalJson(text) === text).toBe(true)
  })

  test('is the same when applied again', () => {
    const once = canonicalJson('{"b":[1e30,{"d":0.1,"c":-1}],"a":"\\u0001"}')

    expect(canonicalJson(once)).toBe(once)
  })
})
