import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from './test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
  await engine.run('create schema shop')
  await engine.run(`
    create table shop.sales as
    select day, product, amount, struct(if(amount > 2, 'b', 'a') as size) as box
    from unnest([
      struct(date '2025-01-01' as day, 'tea' as product, 1 as amount),
      (date '2025-01-02', 'tea', 2), (date '2025-02-01', 'tea', 3), (date '2025-02-01', null, 4)
    ])`)
})
afterAll(() => engine.close())

async function sortedRows(sql: string): Promise<string[]> {
  return (await engine.rows(sql)).map((row) => JSON.stringify(row)).toSorted()
}

test.each([
  ['select product, sum(amount)', 'group by product'],
  ['select date_trunc(day, month), product, count(*)', 'group by 1, 2'],
  ['select 7, upper(product), count(*), max_by(day, amount)', 'group by 2'],
  ['select box.size, sum(sum(amount)) over (order by box.size)', 'group by box.size'],
  ['select product, current_date(), any_value(day having min amount)', 'group by 1'],
  ['select product, day', 'group by 1, 2'],
  ['select cast(product as bytes), extract(month from day)', 'group by 1, 2'],
  ['select coalesce(product, box.size), countif(amount > 1) + 1', 'group by 1'],
  ['select count(*), 1', ''],
])('%s from sales group by all means %s', async (select, clause) => {
  const expected = await sortedRows(`${select} from shop.sales ${clause}`)

  expect(expected.length).toBeGreaterThan(0)
  expect(await sortedRows(`${select} from shop.sales group by all`)).toEqual(expected)
})

test('each part of a statement is grouped by its own columns', async () => {
  const sql = `
    with monthly as (select date_trunc(day, month) as m, sum(amount) as n from shop.sales group by all)
    select n > 4 as many, count(*) from monthly group by all
    union all
    select product is null, sum(amount) from (select product, amount from shop.sales group by all)
    group by all having sum(amount) > 4`

  expect(await sortedRows(sql)).toEqual(['["false","1"]', '["false","6"]', '["true","1"]'])
})

test('a table of no rows has no groups, and one if there is no key', async () => {
  const none = 'from shop.sales where amount > 9 group by all'

  expect(await engine.rows(`select product, count(*) ${none}`)).toEqual([])
  expect(await engine.rows(`select count(*) ${none}`)).toEqual([['0']])
})

test('a view and a table are made by it', async () => {
  await engine.run(
    'create view shop.totals as select product, sum(amount) as n from shop.sales group by all',
  )
  await engine.run('create table shop.stored as select * from shop.totals')

  expect(await engine.rows('select * from shop.stored order by n')).toEqual([
    [null, '4'],
    ['tea', '6'],
  ])
})

test.each([
  ['select * from shop.sales group by all', 'GROUP BY ALL of a SELECT with *'],
  [
    'select (select max(s.amount) from shop.sales as s group by all) from shop.sales',
    'GROUP BY ALL in a subquery that is an expression',
  ],
  [
    'select product, (select 1) as one from shop.sales group by all',
    'GROUP BY ALL of a SELECT with a subquery',
  ],
  ['select 1 from shop.sales group by all', 'GROUP BY ALL without a key or aggregate'],
  [
    'select date_trunc(current_date(), week(monday)) from shop.sales group by all',
    'GROUP BY ALL of a column that may be constant',
  ],
  [
    'declare product string; select product, 1 from shop.sales group by all',
    'GROUP BY ALL of a column that may be constant',
  ],
])('refuses what it cannot tell: %s', async (sql, what) => {
  expect(await engine.refusal(sql)).toBe(`not supported by the local engine: ${what}`)
})

test('an error behind it has the place that it has in the statement', async () => {
  const error = await engine.refusal(
    'select day, product, box.size from shop.sales group by all order by nothing',
  )

  expect(error).toBe('Unrecognized name: nothing at [1:69]')
})

test.each([
  'select product, count(*) as n from shop.sales group by all',
  'select upper(product) as p, count(*) as n from shop.sales group by upper(product)',
])('a view keeps the words that were written: %s', async (query) => {
  await engine.run(`create or replace view shop.kept as ${query}`)

  const tableReference = { projectId: 'shop-events', datasetId: 'shop', tableId: 'kept' }
  expect(engine.catalog.current.table(tableReference)?.view?.query).toBe(query)
})
