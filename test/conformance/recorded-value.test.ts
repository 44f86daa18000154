import { expect, test } from 'vitest'
import type { Field } from '../../local/bigquery/catalog/resources.ts'
import type { WireValue } from '../../local/bigquery/sql/sql-engine.ts'
import { recordedRow } from './recorded-value.ts'

function recorded(field: Omit<Field, 'name'>, v: WireValue) {
  return recordedRow([{ name: 'x', ...field }], { f: [{ v }] }).x
}

test.each<[Field['type'], string, unknown]>([
  ['INTEGER', '-7', -7],
  ['FLOAT', '1e3', 1000],
  ['FLOAT', 'NaN', 'NaN'],
  ['BOOLEAN', 'false', false],
  ['NUMERIC', '1.50', '1.50'],
  ['TIMESTAMP', '1705322096789000', '2024-01-15T12:34:56.789000+00:00'],
  ['TIMESTAMP', '-62135596800000000', '0001-01-01T00:00:00+00:00'],
  ['DATETIME', '2024-01-15T12:34:56.789', '2024-01-15T12:34:56.789000'],
  ['TIME', '12:30:00.000000', '12:30:00'],
  ['JSON', '{"a":1,"b":["x",null]}', '{"a": 1, "b": ["x", null]}'],
  ['JSON', '"bare"', 'bare'],
  [
    'INTERVAL',
    '1-2 3 4:5:6',
    'relativedelta(years=+1, months=+2, days=+3, hours=+4, minutes=+5, seconds=+6)',
  ],
  ['INTERVAL', '0-0 0 -4:0:0.5', 'relativedelta(hours=-4, microseconds=-500000)'],
  ['INTERVAL', '0-0 0 0:0:0', 'relativedelta()'],
])('%s %j is recorded as %j', (type, wire, expected) => {
  expect(recorded({ type }, wire)).toEqual(expected)
})

test('structs, arrays, ranges and nulls keep their form', () => {
  const fields: Field[] = [{ name: 'a', type: 'INTEGER' }]

  expect(recorded({ type: 'RECORD', fields }, { f: [{ v: '1' }] })).toEqual({ a: 1 })
  expect(
    recorded({ type: 'RECORD', mode: 'REPEATED', fields }, [{ v: { f: [{ v: null }] } }]),
  ).toEqual([{ a: null }])
  expect(
    recorded({ type: 'RANGE', rangeElementType: { type: 'DATE' } }, '[2024-01-01, UNBOUNDED)'),
  ).toEqual({ start: '2024-01-01', end: null })
  expect(recorded({ type: 'JSON' }, null)).toBeNull()
})
