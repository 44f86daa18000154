import { expect, test } from 'vitest'
import { UsageError } from '../../command/command.ts'
import { readOptions } from './options.ts'

test('without options it is what the README promises', () => {
  expect(readOptions({})).toEqual({
    folder: expect.stringMatching(/\.local.demo$/),
    events: 10_000,
    more: 2000,
    faults: { malformed: 0.01, duplicates: 0.02, late: 0.02, outOfOrder: 0.01 },
    seed: 1,
  })
})

test('it goes on at five events a second unless told otherwise', () => {
  expect(readOptions({ keep: true }).keepRate).toBe(5)
  expect(readOptions({ keep: true, rate: '0.5' }).keepRate).toBe(0.5)
})

test.each([
  [{ rate: '5' }, '--rate needs --keep'],
  [{ events: '0' }, "--events must be a whole number from 1 up, not '0'"],
  [{ more: 'x' }, "--more must be a whole number from 1 up, not 'x'"],
  [{ malformed: '2' }, "--malformed must be a share from 0% to 100%, not '2'"],
  [{ keep: true, rate: 'slow' }, "--rate must be a number above 0, not 'slow'"],
])('%j is refused in one sentence', (values, sentence) => {
  expect(() => readOptions(values)).toThrow(UsageError)
  expect(() => readOptions(values)).toThrow(sentence)
})
