import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from './test-engine.ts'

const most = '578960446186580977117854925043439539266.34992332820282019728792003956564819967'
const least = '-578960446186580977117854925043439539266.34992332820282019728792003956564819968'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
  await engine.run('create schema shop')
})
afterAll(() => engine.close())

test('a BIGNUMERIC keeps every digit from the least to the greatest', async () => {
  expect(
    await engine.rows(
      `select x, cast(x as string), x - 1e-38 from unnest([bignumeric '${most}', 0, -1.50]) as x`,
    ),
  ).toEqual([
    [most, most, most.replace(/7$/, '6')],
    ['0', '0', '-0.00000000000000000000000000000000000001'],
    ['-1.5', '-1.5', '-1.50000000000000000000000000000000000001'],
  ])
})

test.each([
  [`bignumeric '${most}' + x`, `BIGNUMERIC overflow: ${most} + 1`],
  [`bignumeric '${least}' - x`, `BIGNUMERIC overflow: ${least} - 1`],
  [`-bignumeric '${least}' * x`, `BIGNUMERIC overflow: -(${least})`],
  [`bignumeric '${most}' * (x + 1.5)`, `BIGNUMERIC overflow: ${most} * 2.5`],
  [`(x + 0.5) / (x - 1)`, 'division by zero: 1.5 / 0'],
  [`div(x, x - 1)`, 'division by zero: DIV(1, 0)'],
  [`mod(x, x - 1)`, 'division by zero: MOD(1, 0)'],
  [`ceil(bignumeric '${most}' * x)`, `BIGNUMERIC overflow: CEIL(${most})`],
  [`abs(bignumeric '${least}' * x)`, `Floating point overflow in function: ABS(${least})`],
  [`sqrt(-x)`, 'SQRT is undefined for negative value: SQRT(-1)'],
  [`pow(x * 10, 40)`, 'BIGNUMERIC overflow: POW(10, 40)'],
  [`pow(x - 1, -1)`, 'division by zero: POW(0, -1)'],
  [`cast(x * 1e19 as int64)`, 'int64 out of range: 10000000000000000000'],
  [`cast(x * 1e30 as numeric)`, `numeric out of range: 1${'0'.repeat(30)}`],
  [`cast(cast('x' as string) as bignumeric)`, 'Invalid BIGNUMERIC value: x'],
  [`cast('${'9'.repeat(40)}' as bignumeric)`, `Invalid BIGNUMERIC value: ${'9'.repeat(32)}...`],
  [`cast(cast(x as float64) * 1e300 as bignumeric)`, 'BIGNUMERIC out of range: 1e+300'],
  [`parse_bignumeric('-5-')`, 'Invalid input to PARSE_BIGNUMERIC: "-5-"'],
  [`sum(x + 5e38)`, 'BIGNUMERIC overflow: SUM'],
  [
    `cast(x * 99.95 as bignumeric(3, 1))`,
    'BIGNUMERIC(3, 1) has precision 3 and scale 1 but got a value that is not in range of [-99.9, 99.9]',
  ],
])('%s fails in the words of BigQuery', async (expression, words) => {
  expect(await engine.refusal(`select ${expression} from unnest([bignumeric '1', 1]) as x`)).toBe(
    words,
  )
})

test.each([
  'exp(x)',
  'ln(x)',
  'log(x, 2)',
  'log10(x)',
  'cbrt(x)',
  'pow(x, 0.5)',
  'pow(x, 30)',
  'generate_array(x, 2, x)',
])('%s is refused, as its digits are not known to be those of BigQuery', async (expression) => {
  expect(
    await engine.refusal(`select ${expression} from unnest([bignumeric '1.05']) as x`),
  ).toContain('not supported by the local engine: ')
})

test('statistics are computed from exact sums', async () => {
  expect(
    await engine.rows(`select stddev(x), var_pop(x)
      from unnest([bignumeric '1e30', bignumeric '1e30' + 2]) as x`),
  ).toEqual([['1.4142135623730951', '1.0']])
})

test('powers that end within 38 decimals are exact', async () => {
  expect(
    await engine.rows(
      `select pow(x, 3), pow(x, 19), pow(x, -2), pow(-x, 1), pow(x / x, 1e30) from unnest([bignumeric '2.5']) as x`,
    ),
  ).toEqual(
    [['15.625', '36379788.07091712951660156250', '0.16', '-2.5', '1']].map((row) =>
      row.map((value) => value.replace(/(\.\d*?)0+$/, '$1')),
    ),
  )
})

test('a column of BIGNUMERIC(p, s) rounds to its scale and refuses what has more digits', async () => {
  await engine.run('create table shop.sized (a bignumeric(5, 2), b bignumeric(76, 38))')
  await engine.run(`insert into shop.sized values (999.994, 1.5), (-0.005, -1e37)`)

  expect(await engine.rows('select a, b from shop.sized order by a')).toEqual([
    ['-0.01', `-1${'0'.repeat(37)}`],
    ['999.99', '1.5'],
  ])
  expect(await engine.refusal('insert into shop.sized (a) values (999.995)')).toBe(
    'Field a: BIGNUMERIC(5, 2) has precision 5 and scale 2 but got a value that is not in range',
  )
  expect(
    await engine.rows(
      "select column_name, data_type from shop.INFORMATION_SCHEMA.COLUMNS where table_name = 'sized'",
    ),
  ).toEqual([
    ['a', 'BIGNUMERIC(5, 2)'],
    ['b', 'BIGNUMERIC(76, 38)'],
  ])
})

test('integers and NUMERICs of a column become BIGNUMERIC, and these FLOAT64', async () => {
  await engine.run('create table shop.widened as select 7 as i, numeric "-1.5" as n')
  for (const column of ['i', 'n']) {
    await engine.run(`alter table shop.widened alter column ${column} set data type bignumeric`)
  }

  expect(await engine.rows('select i + n, typeof(i), typeof(n) from shop.widened')).toEqual([
    ['5.5', 'BIGNUMERIC', 'BIGNUMERIC'],
  ])
  await engine.run('alter table shop.widened alter column n set data type float64')
  expect(await engine.rows('select n from shop.widened')).toEqual([['-1.5']])
})

test('tables of BIGNUMERICs are merged, grouped and joined by value', async () => {
  await engine.run(`create table shop.prices (id bignumeric not null, price bignumeric default 0.1,
    history array<bignumeric>, last struct<price bignumeric>) cluster by id`)
  await engine.run('insert into shop.prices (id) values (1), (1e-38)')
  await engine.run(`merge shop.prices p using (select numeric '1.0' as id, 2 as price) n on p.id = n.id
    when matched then update set price = n.price, history = [n.price, bignumeric "0.5"], last = struct(n.price)`)
  await engine.run('update shop.prices set price = price * 3 where id < 0.1')
  await engine.run('create view shop.dear as select id, price from shop.prices where price > 0.2')
  await engine.run(`declare total bignumeric default 1; set total = (select sum(price) from shop.dear);
    create table shop.totals as select total`)

  expect(
    await engine.rows('select id, price, history, last.price from shop.prices order by id'),
  ).toEqual([
    ['0.00000000000000000000000000000000000001', '0.3', [], null],
    ['1', '2', ['2', '0.5'], '2'],
  ])
  expect(await engine.rows('select * from shop.totals')).toEqual([['2.3']])
})
