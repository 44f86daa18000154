import { expect, test } from 'vitest'
import { parseSettings, wholeSetting } from './dataform-settings.ts'

test('a broken dataform.json is named', () => {
  expect(() => parseSettings('{"vars":')).toThrow(/^dataform\.json is not JSON: .+/)
})

test('a variable that is no whole number is named', () => {
  const settings = parseSettings('{"vars": {"retentionDays": "90", "overlapMinutes": "1h"}}')

  expect(wholeSetting(settings, 'retentionDays')).toBe(90)
  expect(() => wholeSetting(settings, 'overlapMinutes')).toThrow(
    'the variable overlapMinutes in dataform.json must be a whole number, not "1h"',
  )
})
