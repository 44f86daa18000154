import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from './test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
})
afterAll(() => engine.close())

test.each<[string, unknown]>([
  [`json_keys(json '{"b": {"d": 1, "c": [{"x": 1}]}, "a": 2}')`, ['a', 'b', 'b.c', 'b.d']],
  [`json_keys(json '{"b": {"d": 1}, "a": 2}', 1)`, ['a', 'b']],
  ["json_keys(json '[1]')", []],
  ["int64_array(json '[1, 2.0]')", ['1', '2']],
  ["float64_array(json '[1, 2.5]')", ['1.0', '2.5']],
  [`lax_string_array(json '[1.0, "2", true]')`, ['1', '2', 'true']],
  [`lax_int64_array(json '[1, "2", 1.6]')`, ['1', '2', '2']],
  ["contains_substr((23, 35, 41), '35')", 'true'],
  ["contains_substr((23, null, 41), '35')", null],
  ["contains_substr(('abc', ['def', 'ghi']), 'DEF')", 'true'],
  [`contains_substr(json '{"lunch": ["so up", 12]}', 'SO UP')`, 'true'],
  [`contains_substr(json '{"lunch": ["so up", 12]}', 'lunch')`, 'false'],
  ["to_json_string(range(date '2020-01-01', null))", '{"start":"2020-01-01","end":null}'],
  ['array_length(generate_array(1, 1048575))', '1048575'],
])('what the reference does not know: %s', async (expression, value) => {
  expect(await engine.rows(`select ${expression}`)).toEqual([[value]])
})

test('a refusal is no error that a query could catch', async () => {
  const keys = `json_keys(json '{"a b": 1}')`
  const refusal = 'not supported by the local engine: '

  expect(await engine.refusal(`select ${keys}`)).toBe(`${refusal}JSON_KEYS of the key "a b"`)
  expect(await engine.refusal(`select safe.${keys}`)).toBe(`${refusal}an error caught in JSON_KEYS`)
  expect(await engine.refusal(`select iferror(${keys}, [])`)).toBe(
    `${refusal}an error caught in IFERROR`,
  )
})

/** A script that makes a function `f` and calls it. */
function call(signature: string, body: string, expression: string): string {
  return `create temp function f${signature} language js as r'''${body}'''; select ${expression}`
}

describe('a function in JavaScript', () => {
  test.each<[string, string, string, unknown[]]>([
    ['(x int64) returns int64', 'return x * 3', 'f(4)', ['12']],
    // An INT64 is a text to JavaScript.
    ['(x int64) returns int64', 'return x + 1', 'f(41)', ['411']],
    ['(x int64) returns int64', 'return x > 0 ? x : null', 'f(0), f(5)', [null, '5']],
    ['(x float64) returns float64', 'return x / 0', 'f(1)', ['Infinity']],
    ['(x string) returns string', 'return x', "f('é\\n'), f(null)", ['é\n', null]],
    ['() returns bool', 'return true', 'f()', ['true']],
    [
      '(xs array<int64>) returns array<int64>',
      'return xs.map(x => x * 2)',
      'f([1, 2])',
      [['2', '4']],
    ],
    [
      '(s struct<a string, b array<float64>>) returns struct<a string, n int64>',
      'return { n: s.b.length, a: s.a.replace(/\\d+/g, "#") }',
      "f(struct('x12', [1.5]))",
      [['x#', '1']],
    ],
    [
      '(j json) returns json',
      'return { b: j.a, a: [1, null, 2.5] }',
      `f(json '{"a": "x"}')`,
      ['{"a":[1,null,2.5],"b":"x"}'],
    ],
    ['() returns string', 'return typeof process + typeof require', 'f()', ['undefinedundefined']],
  ])('%s { %s }', async (signature, body, expression, values) => {
    expect(await engine.rows(call(signature, body, expression))).toEqual([values])
  })

  test('says where it threw', async () => {
    const sql = call('(x int64) returns int64', "\n  throw new Error('not today')", 'f(1)')

    expect(await engine.refusal(sql)).toContain('Error: not today at f(INT64) line 2, column 3')
  })

  test.each([
    ['(x int64) returns int64', 'return x + "."', 'f(1)', 'returns {"text":"1."} for INT64'],
    ['(x int64) returns int64', 'return 1.5', 'f(1)', 'returns {"number":"1.5"} for INT64'],
    ['(x date) returns string', 'return ""', 'f(current_date())', 'DATE in a JavaScript function'],
    ['(x string) returns string', 'return x.nope()', "f('')", 'x.nope is not a function'],
    ['(x string) returns string', 'return (', "f('')", 'SyntaxError'],
  ])(
    'is refused where its answer is not sure: %s { %s }',
    async (signature, body, expression, why) => {
      const words = await engine.refusal(call(signature, body, expression))

      expect(words).toContain('not supported by the local engine: ')
      expect(words).toContain(why)
    },
  )

  test('stays in its dataset, and is called by other functions', async () => {
    await engine.run(`
      create schema if not exists shop;
      create or replace function shop.twice(x float64) returns float64 language js as 'return x * 2';
      create or replace function shop.twice_and_one(x float64) as (shop.twice(x) + 1)`)

    expect(await engine.rows('select `shop-events.shop.twice_and_one`(4)')).toEqual([['9.0']])
  })
})

describe('a table function', () => {
  beforeAll(async () => {
    await engine.run(`
      create schema if not exists shop;
      create or replace table shop.items as
      select * from unnest([struct(1 as id, 'a' as label), (2, 'b'), (3, 'c')]);
      create or replace table function shop.items_below(n int64) as
      select id, label from shop.items where id < n`)
  })

  test('gives the rows of its query', async () => {
    const sql = `
      select t.id, x from shop.items_below(1 + 2) as t
      join unnest([1, 2, 5]) as x on x = t.id order by 1`

    expect(await engine.rows(sql)).toEqual([
      ['1', '1'],
      ['2', '2'],
    ])
    expect(
      await engine.rows('select label from shop.items_below((select min(id) + 1 from shop.items))'),
    ).toEqual([['a']])
  })

  test('has the columns that it declares, by name and of their types', async () => {
    await engine.run(`
      create or replace table function shop.typed(n int64) returns table<id int64, x float64> as
      select 1 as x, n as id -- the other way round`)

    expect(await engine.rows('select * from shop.typed(4)')).toEqual([['4', '1.0']])
  })

  test('takes arguments of any type, and no columns', async () => {
    await engine.run('create or replace table function shop.same(v any type) as select v as x')

    expect(await engine.rows("select x from shop.same('q')")).toEqual([['q']])
    expect(
      await engine.refusal('select (select count(*) from shop.same(i.id)) from shop.items as i'),
    ).toBe('not supported by the local engine: a table function of the columns of another table')
  })

  test('is dropped', async () => {
    await engine.run('drop table function shop.items_below')

    expect(await engine.refusal('select id from shop.items_below(1)')).toContain(
      'Table-valued function not found: shop.items_below',
    )
  })
})

test('percentiles are of values that are not NULL', async () => {
  expect(
    await engine.refusal(
      'select percentile_cont(x, 0.5 respect nulls) over () from unnest([1, null]) as x',
    ),
  ).toBe('not supported by the local engine: PERCENTILE_CONT with RESPECT NULLS')
})

test.each([
  ['count(x having max x)', 'COUNT'],
  ['count(* having min x)', '$COUNT_STAR'],
  ['sum(x having max x)', 'SUM'],
  ['array_agg(x having max x)', 'ARRAY_AGG'],
  ['approx_quantiles(x, 2 having max x)', 'APPROX_QUANTILES'],
])('HAVING MAX is refused where it would not be heeded: %s', async (aggregate, name) => {
  expect(await engine.refusal(`select ${aggregate} from unnest([1, 2]) as x`)).toBe(
    `not supported by the local engine: ${name} with HAVING`,
  )
})

function heaviest(weight: string, count: string): string {
  return `select approx_top_sum(1, ${weight}, ${count}) from unnest([1])`
}

test('the heaviest values are not asked of weights below zero, nor for no results', async () => {
  const none = { name: 'n', parameterType: { type: 'INT64' }, parameterValue: { value: null } }

  expect(await engine.refusal(heaviest('-1', '2'))).toContain('of a negative weight')
  expect(await engine.refusal(heaviest("cast('nan' as float64)", '2'))).toContain('NaN')
  expect(await engine.refusal(heaviest('1', '0'))).toContain('must be at least 1')
  expect(await engine.refusal(heaviest('1', '@n'), { parameters: [none] })).toBe(
    'Argument 3 to APPROX_TOP_SUM must be non-NULL',
  )
})

test('a percentile of values with NaN among them is refused, one without a literal too', async () => {
  expect(
    await engine.refusal(
      `select percentile_disc(x, 0.5) over () from unnest([1.5, cast('nan' as float64)]) as x`,
    ),
  ).toBe('not supported by the local engine: percentiles of values with NaN among them')
  expect(
    await engine.refusal('select percentile_disc(x, ?) over () from unnest([1]) as x', {
      parameters: [{ parameterType: { type: 'FLOAT64' }, parameterValue: { value: '0.5' } }],
    }),
  ).toBe('not supported by the local engine: PERCENTILE_DISC with a percentile that is no literal')
})

test('a value that does not fit a type with parameters fails a CAST, and a SAFE_CAST in words', async () => {
  expect(await engine.refusal("select cast('abc' as string(2))")).toBe(
    'STRING has maximum length 2',
  )
  expect(await engine.refusal('select cast(x as numeric(3, 1)) from unnest([99.95]) as x')).toBe(
    'NUMERIC(3, 1) has precision 3 and scale 1 but got a value that is not in range of [-99.9, 99.9]',
  )
  expect(await engine.rows('select safe_cast(99.94 as numeric(3, 1))')).toEqual([['99.9']])
  expect(await engine.refusal('select safe_cast(99.95 as numeric(3, 1))')).toBe(
    'not supported by the local engine: SAFE_CAST of a value that does not fit NUMERIC(3, 1)',
  )
})

test('an aggregate function is made of others', async () => {
  await engine.run(`
    create schema if not exists maths;
    create aggregate function maths.spread(x any type) as (max(x) - min(x));
    create aggregate function maths.scaled(x float64, factor float64 not aggregate)
    returns float64 as (sum(x) * factor)`)
  const from = 'from unnest([struct("a" as g, 1 as x), ("a", 5), ("b", 7)])'

  expect(
    await engine.rows(
      `select g, maths.spread(x), maths.scaled(x, 10) ${from} group by all order by g`,
    ),
  ).toEqual([
    ['a', '4', '60.0'],
    ['b', '0', '70.0'],
  ])
  expect(
    await engine.rows(
      `create temp aggregate function most(x int64) as (max(x)); select most(x) ${from}`,
    ),
  ).toEqual([['7']])
  expect(await engine.refusal('create aggregate function maths.wrong(x int64) as (x)')).toContain(
    'Function argument x cannot be referenced outside aggregate function calls',
  )
  await engine.run('drop function maths.spread')
})

test.each([
  ['abs(-9223372036854775807 - x) from unnest([1]) as x', 'Integer Overflow'],
  ['div(-9223372036854775807 - x, -1) from unnest([1]) as x', 'Integer Overflow'],
  ['-(-9223372036854775807 - 1)', 'Integer Overflow'],
  [
    'sum(x) from unnest([9223372036854775807, 1]) as x',
    'Error in SUM aggregation: integer overflow',
  ],
  ['1e308 * 10', 'double overflow: 1e+308 * 10'],
  [
    "numeric '-99999999999999999999999999999' - 1",
    'numeric overflow: -99999999999999999999999999999 - 1',
  ],
  [
    "datetime_sub('0001-01-01', interval 9223372036854775807 hour)",
    'Subtracting 9223372036854775807 HOUR from datetime 0001-01-01 00:00:00 causes overflow',
  ],
  [
    "date_add('2020-12-31', interval 9223372036854775807 quarter)",
    'Adding 9223372036854775807 QUARTER to date 2020-12-31 causes overflow',
  ],
  [
    "timestamp_sub('0001-01-01', interval 4 day)",
    'Adding -96 HOUR to timestamp 0001-01-01 00:00:00.000000+00 causes overflow',
  ],
  [
    'timestamp_seconds(1511451045000)',
    'TIMESTAMP value is out of allowed range: from 0001-01-01 00:00:00.000000+00 to 9999-12-31 23:59:59.999999+00.',
  ],
  [
    'date_from_unix_date(-719164)',
    'DATE value is out of allowed range: from 0001-01-01 to 9999-12-31',
  ],
  ['date(2000, 111, 1)', 'Input calculates to invalid date: 2000-111-01'],
  ['time(26, 1, 1)', 'Input calculates to invalid time: 26:01:01'],
  ["repeat('é', 524289)", 'Output of REPEAT exceeds max allowed output size of 1MB'],
  ["lpad('a', 1048577)", 'Output of LPAD/RPAD exceeds max allowed output size of 1MB'],
  [
    "from_hex('0axy')",
    'Failed to decode invalid hexadecimal string due to character at offset 2: 0axy',
  ],
  [
    'generate_array(0, 9000000000000000000)',
    'GENERATE_ARRAY(0, 9000000000000000000, 1) produced too many elements',
  ],
  // Only the errors of SAFE_CAST and SAFE_DIVIDE themselves are NULL.
  ['safe_cast(x / 0 as int64) from unnest([1]) as x', 'division by zero: 1 / 0'],
  ['safe_cast(numeric "1" / x as int64) from unnest([0]) as x', 'division by zero: 1 / 0'],
  [
    "safe_cast(left('a', -1) as date format 'YYYY')",
    'Second argument in LEFT() cannot be negative',
  ],
  ['safe_divide(x / 0, 2) from unnest([1]) as x', 'division by zero: 1 / 0'],
  ['safe_add(div(1, x), safe_negate(x)) from unnest([0]) as x', 'division by zero: 1 / 0'],
  ['ln(0)', 'Floating point error in function: LN(0)'],
  ['log(-1, 10)', 'Floating point error in function: LOG(-1, 10)'],
  ['exp(1000)', 'Floating point error in function: EXP(1000)'],
  ['cosh(1000)', 'Floating point overflow in function: COSH(1000)'],
  ['acosh(0.5)', 'Floating point error in function: ACOSH(0.5)'],
  ['atanh(1)', 'Floating point error in function: ATANH(1)'],
  ['cot(0)', 'Floating point error in function: COT(0)'],
  ['json_object(cast(null as string), 1)', 'Invalid input to JSON_OBJECT: A key cannot be NULL'],
  ["bool_array(json 'true')", 'The provided JSON input is not an array'],
  [
    'lag(x, -1) over (order by x) from unnest([1]) as x',
    'The offset to the function LAG must not be negative',
  ],
  [
    "date_bucket(date '0001-01-01', interval 7 day)",
    'Bucket for 0001-01-01 is outside of date range',
  ],
  ["lpad('a', 5, '')", 'Third argument (pad pattern) for LPAD/RPAD cannot be empty'],
  ["regexp_contains('a', r'(?=b)')", 'Cannot parse regular expression: invalid perl operator: (?='],
  [
    "regexp_extract('a1', r'([a-z])(\\d)')",
    'Regular expressions passed into extraction functions must not have more than 1 capturing group',
  ],
  ["collate('a', 'binary') = 'b'", "Collation 'binary' in collate function is not supported."],
  ["regexp_extract('a', r'(b')", 'Cannot parse regular expression: missing ): (b'],
  [
    "regexp_replace('a', r'*', '')",
    'Cannot parse regular expression: no argument for repetition operator: *',
  ],
  [
    'range_bucket(1, [3, 2])',
    'Elements in input array to RANGE_BUCKET must be in ascending order. Nonconforming elements found at position 1 and 2',
  ],
])('%s fails in the words of BigQuery', async (expression, words) => {
  expect(await engine.refusal(`select ${expression}`)).toBe(words)
})

test('a sample of a table that is one block is all of it, unless nothing is asked for', async () => {
  await engine.run(`
    create schema if not exists shop;
    create or replace table shop.few as select x from unnest([1, 2, 3]) as x`)
  const sampled = 'select count(*) from shop.few tablesample'

  expect(await engine.rows(`${sampled} system (10 percent)`)).toEqual([['3']])
  expect(await engine.rows(`${sampled} system (0 percent)`)).toEqual([['0']])
  expect(await engine.refusal(`${sampled} bernoulli (10 percent)`)).toContain('TABLESAMPLE')
})

test('no value stands at a maximum that is NaN', async () => {
  const rows = "unnest([struct('a' as name, 3.5 as price), ('b', 6), ('c', 1)])"

  expect(await engine.rows(`select max_by(name, price), min_by(name, price) from ${rows}`)).toEqual(
    [['b', 'c']],
  )
  expect(
    await engine.rows(
      `select max_by(name, if(price > 5, cast('nan' as float64), price)) from ${rows}`,
    ),
  ).toEqual([[null]])
})
