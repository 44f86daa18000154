import { expect, test } from 'vitest'
import { cutToMask, parseFieldMask } from './field-mask.ts'

const answer = {
  totalRows: '2',
  schema: { fields: [{ name: 'n', type: 'INTEGER', mode: 'NULLABLE' }] },
  rows: [{ f: [{ v: '1' }] }, { f: [{ v: '2' }] }],
}

test.each([
  ['totalRows', { totalRows: '2' }],
  ['totalRows,rows', { totalRows: '2', rows: answer.rows }],
  ['schema/fields/name', { schema: { fields: [{ name: 'n' }] } }],
  ['schema/fields(name, type)', { schema: { fields: [{ name: 'n', type: 'INTEGER' }] } }],
  [
    'schema(fields/name),schema/fields/mode',
    { schema: { fields: [{ name: 'n', mode: 'NULLABLE' }] } },
  ],
  ['schema/fields/name,schema', { schema: answer.schema }],
  ['*/f', { totalRows: '2', schema: {}, rows: answer.rows }],
  ['none', {}],
])('%s', (fields, kept) => {
  expect(cutToMask(answer, parseFieldMask(fields))).toEqual(kept)
})

test.each(['a(', 'a)', 'a,,b', '/a', 'a/', 'a(b'])('%s is no selection', (fields) => {
  expect(() => parseFieldMask(fields)).toThrow(`Invalid field selection ${fields}`)
})
