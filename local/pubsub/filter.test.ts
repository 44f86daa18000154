import { expect, test } from 'vitest'
import { parseFilter } from './filter.ts'

const attributes = new Map([
  ['domain', 'com'],
  ['iana.org/language_tag', 'en'],
  ['empty', ''],
  ['quoted', 'say "hi"'],
])

test.each([
  ['attributes:domain', true],
  ['attributes:missing', false],
  ['attributes:empty', true],
  ['attributes:"iana.org/language_tag"', true],
  ['attributes.domain = "com"', true],
  ['attributes.domain="org"', false],
  ['attributes.domain != "com"', false],
  ['attributes.domain != "org"', true],
  ['attributes.missing != "com"', true],
  ['hasPrefix(attributes.domain, "co")', true],
  ['hasPrefix(attributes.missing, "co")', false],
  ['NOT attributes:missing', true],
  ['-attributes:domain', false],
  ['attributes:domain AND attributes:empty AND attributes:missing', false],
  ['attributes:missing OR attributes:domain', true],
  ['(attributes:missing OR attributes:domain) AND NOT attributes:gone', true],
  [String.raw`attributes.quoted = "say \"hi\""`, true],
  [String.raw`attributes.domain = "\u0063\x6f\155"`, true],
])('%s is %s', (filter, expected) => {
  expect(parseFilter(filter)(attributes)).toBe(expected)
})

test.each([
  ['attributes:a AND attributes:b OR attributes:c', "unexpected 'OR'"],
  ['attributes.a = unquoted', "unexpected 'unquoted'"],
  ['labels.a = "x"', "unexpected 'labels', expected 'attributes'"],
  ['attributes.a', "unexpected end, expected '='"],
  ['attributes.a = "open', "unexpected '\"open'"],
  ['(attributes:a', "unexpected end, expected ')'"],
  ['data = "x"', "unexpected 'data'"],
  ['attributes:a; attributes:b', "unexpected '; attributes:b'"],
  ['not attributes:a', "unexpected 'not'"],
])('%s is refused, and why', (filter, reason) => {
  expect(() => parseFilter(filter)).toThrow(reason)
})

test('a filter of more than 256 bytes is refused', () => {
  expect(() => parseFilter(`attributes:${'x'.repeat(300)}`)).toThrow('longer than 256 bytes')
})
