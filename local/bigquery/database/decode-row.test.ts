import { expect, test } from 'vitest'
import type { Field } from '../catalog/resources.ts'
import { appendRows } from './append-rows.ts'
import { commitColumn } from './commits.ts'
import { columnDefinitions } from './column-type.ts'
import { openDatabase } from './database.ts'
import { createRowDecoder } from './decode-row.ts'
import { encodeRow } from './encode-wire.ts'

const options = { canonicalJson: (text: string) => text }

function field(name: string, type: Field['type'], rest: Partial<Field> = {}): Field {
  return { name, type, ...rest }
}

async function roundTrip(fields: Field[], rows: unknown[]): Promise<unknown[]> {
  const database = await openDatabase({ path: ':memory:' })
  const table = { projectId: 'p', datasetId: 'd', tableId: 't' }
  const { connection, commit } = await database.begin()
  await connection.run(`CREATE SCHEMA "p.d"`)
  await connection.run(`CREATE TABLE "p.d"."t" (${columnDefinitions({ schema: { fields } })})`)
  const decode = createRowDecoder(fields, options)
  const values = rows.map((row) => {
    const decoded = decode(row)
    if (decoded.errors) throw new Error(JSON.stringify(decoded.errors))
    return decoded.values.map((value) => value ?? null)
  })
  await appendRows({ connection, commit: 1 }, { tableReference: table }, values, 0n)
  const reader = await connection.runAndReadAll(
    `SELECT * EXCLUDE ("${commitColumn}") FROM "p.d"."t"`,
  )
  const encoded = reader.getRows().map((row) => encodeRow(row, fields).f.map(({ v }) => v))
  await commit()
  await database.close()
  return encoded
}

test.each([
  ['STRING', 'a "quoted" text', 'a "quoted" text'],
  ['INTEGER', '9223372036854775807', '9223372036854775807'],
  ['INTEGER', 12, '12'],
  ['FLOAT', 1.5, '1.5'],
  ['FLOAT', 1e21, '1.0E21'],
  ['FLOAT', '-Infinity', '-Infinity'],
  ['FLOAT', 'NaN', 'NaN'],
  ['NUMERIC', '12.50', '12.5'],
  ['NUMERIC', -0.05, '-0.05'],
  ['NUMERIC', '99999999999999999999999999999.999999999', '99999999999999999999999999999.999999999'],
  ['NUMERIC', '0.0000000005', '0.000000001'],
  ['BOOLEAN', 'true', 'true'],
  ['BYTES', 'AAH/', 'AAH/'],
  ['TIMESTAMP', '2025-02-08T13:09:05.123456Z', '1739020145123456'],
  ['TIMESTAMP', '2025-02-08 13:09:05+02:00', '1739012945000000'],
  ['TIMESTAMP', '0001-01-01 00:00:00 UTC', '-62135596800000000'],
  ['TIMESTAMP', 1739020145.5, '1739020145500000'],
  ['DATE', '0099-03-01', '0099-03-01'],
  ['DATETIME', '2025-02-08T13:09:05.5', '2025-02-08T13:09:05.500000'],
  ['DATETIME', '1969-12-31 23:59:59', '1969-12-31T23:59:59'],
  ['TIME', '13:09:05', '13:09:05'],
  ['JSON', '{"a":[1,2]}', '{"a":[1,2]}'],
] as const)('%s takes %s and gives %s', async (type, given, expected) => {
  expect(await roundTrip([field('x', type)], [{ x: given }])).toEqual([[expected]])
})

test('repeated and nested columns come back as they were, a missing array as an empty one', async () => {
  const items = field('items', 'RECORD', {
    mode: 'REPEATED',
    fields: [field('sku', 'STRING'), field('tags', 'STRING', { mode: 'REPEATED' })],
  })

  const rows = await roundTrip(
    [items],
    [{ items: [{ sku: 'a', tags: ['x', 'y'] }, { sku: null }] }, { items: [] }, { items: null }],
  )

  expect(rows).toEqual([[[item('a', ['x', 'y']), item(null, [])]], [[]], [[]]])
})

test.each([
  [{ n: 'abc' }, 'n', 'Cannot convert value to integer (bad value): abc'],
  [
    { n: '9223372036854775808' },
    'n',
    'Cannot convert value to integer (bad value): 9223372036854775808',
  ],
  [{ name: 'a', nothing: 1 }, 'nothing', 'no such field: nothing.'],
  [{ name: null }, 'name', 'Missing required field: name.'],
  [{ name: 'a', day: '2025-02-30' }, 'day', "Invalid date: '2025-02-30'"],
  [{ name: 'a', inner: 'text' }, 'inner', 'This field: inner is not a record.'],
  [{ name: 'a', inner: { x: 1 } }, 'inner.x', 'no such field: inner.x.'],
  [{ name: ['a'] }, 'name', 'Array specified for non-repeated field: name.'],
])('the row %j is refused for its field %s', (row, location, message) => {
  const decode = createRowDecoder(
    [
      field('name', 'STRING', { mode: 'REQUIRED' }),
      field('n', 'INTEGER'),
      field('day', 'DATE'),
      field('inner', 'RECORD', { fields: [field('a', 'STRING')] }),
    ],
    options,
  )

  expect(decode(row).errors).toContainEqual({ reason: 'invalid', location, message })
})

const code = field('code', 'STRING', { maxLength: '3' })
const key = field('key', 'BYTES', { maxLength: '2' })
const price = field('price', 'NUMERIC', { precision: '4', scale: '2' })
const codes = field('codes', 'STRING', { mode: 'REPEATED', maxLength: '1' })

test('a value that its type can hold is kept, a NUMERIC rounded to its scale', async () => {
  const row = { code: 'äöü', key: 'AAE=', price: '-99.985', codes: ['a', '😀'] }

  const rows = await roundTrip([code, key, price, codes], [row])

  expect(rows).toEqual([['äöü', 'AAE=', '-99.99', [{ v: 'a' }, { v: '😀' }]]])
})

test.each([
  [
    { code: 'abcd' },
    'code',
    'Field code: STRING(3) has maximum length 3 but got a value with length 4',
  ],
  [
    { key: 'AAEC' },
    'key',
    'Field key: BYTES(2) has maximum length 2 but got a value with length 3',
  ],
  [
    { price: 99.995 },
    'price',
    'Field price: NUMERIC(4, 2) has precision 4 and scale 2 but got a value that is not in range',
  ],
  [
    { codes: ['a', 'bc'] },
    'codes[1]',
    'Field codes: STRING(1) has maximum length 1 but got a value with length 2',
  ],
])('the row %j is more than its column %s holds', (row, location, message) => {
  const decode = createRowDecoder([code, key, price, codes], options)

  expect(decode(row).errors).toEqual([{ reason: 'invalid', location, message }])
})

test('unknown fields may be ignored', () => {
  const decode = createRowDecoder([field('a', 'STRING')], { ...options, ignoreUnknownValues: true })

  expect(decode({ a: 'x', b: 1 })).toEqual({ values: ['x'] })
})

function item(sku: string | null, tags: string[]) {
  return { v: { f: [{ v: sku }, { v: tags.map((v) => ({ v })) }] } }
}
