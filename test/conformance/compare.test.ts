import { expect, test } from 'vitest'
import { differentBody, differentError, differentRows, differentSchema } from './compare.ts'
import { isOrdered } from './is-ordered.ts'

function same(recorded: unknown, actual: unknown): boolean {
  return differentRows([{ v: recorded }], [{ v: actual }], { ordered: true }) === undefined
}

test('rows of an unordered query may come in any order, but each as often as recorded', () => {
  const recorded = [{ n: 1 }, { n: 1 }, { n: 2 }]

  expect(
    differentRows(recorded, [{ n: 2 }, { n: 1 }, { n: 1 }], { ordered: false }),
  ).toBeUndefined()
  expect(differentRows(recorded, [{ n: 2 }, { n: 2 }, { n: 1 }], { ordered: false })).toContain(
    'row 2',
  )
  expect(differentRows(recorded, [{ n: 2 }, { n: 1 }, { n: 1 }], { ordered: true })).toContain(
    'row 1',
  )
})

test('numbers may differ in the last bits only, texts not at all', () => {
  expect(same(0.1 + 0.2, 0.3)).toBe(true)
  expect(same(1, 1.0000001)).toBe(false)
  expect(same('1', 1)).toBe(false)
  expect(same(null, 0)).toBe(false)
  expect(same([1, { a: null }], [1, { a: null }])).toBe(true)
  expect(same([], {})).toBe(false)
})

test('a schema differs in names, types and modes; NULLABLE may be left out', () => {
  const recorded = [{ name: 'n', type: 'INTEGER', mode: 'NULLABLE' }]

  expect(differentSchema(recorded, [{ name: 'n', type: 'INTEGER' }])).toBeUndefined()
  expect(differentSchema(recorded, [{ name: 'n', type: 'INTEGER', mode: 'REQUIRED' }])).toBe(
    'schema (n INTEGER REQUIRED), recorded (n INTEGER)',
  )
})

test('an error is the same in reason, status and message', () => {
  const recorded = {
    reason: 'notFound',
    http_status: 404,
    message_pattern: 'Not\\ found:\\ Table\\ [\\w\\-\\.:]+\\.t',
  }
  const actual = { reason: 'notFound', status: 404, message: 'Not found: Table p:d.t' }

  expect(differentError(recorded, actual)).toBeUndefined()
  expect(differentError(recorded, { ...actual, status: 400 })).toContain('recorded 404 notFound')
  expect(differentError(recorded, { ...actual, message: 'Nope' })).toContain("'Nope'")
})

test('an answer may not lack nor add anything, wildcards apart', () => {
  const recorded = { a: '<*>', b: [{ c: 1 }] }
  const strict = { extraKeys: 'refuse' } as const

  expect(differentBody(recorded, { a: 'x', b: [{ c: 1 }] }, strict)).toBeUndefined()
  expect(differentBody(recorded, { b: [{ c: 1 }] }, strict)).toBe('body.a is missing')
  expect(differentBody(recorded, { a: 1, b: [{ c: 1 }, {}] }, strict)).toBe(
    'body.b.1 is not recorded',
  )
  expect(
    differentBody(recorded, { a: 1, b: [{ c: 1 }], d: 1 }, { extraKeys: 'allow' }),
  ).toBeUndefined()
})

test.each([
  ['select 1 order by 1', true],
  ['select 1 from (select 2 order by 1)', false],
  ["select array_agg(x order by x), 'order by', `order by` from t -- order by 1", false],
  ['select 1 order by 1; select 2', false],
  ['select row_number() over (order by x) from t\nORDER   BY x;\n', true],
])('%j is ordered: %j', (sql, ordered) => {
  expect(isOrdered(sql)).toBe(ordered)
})
