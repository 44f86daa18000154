import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from './test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
  await engine.run('create schema raw')
  await engine.run('create table raw.events (id int64, payload json)')
  await engine.run(`
    insert into raw.events values
      (1, json '{"a": {"b": "x"}, "items": [{"p": 1.50, "q": null}, {"p": "2"}], "n": null}'),
      (2, null),
      (3, json '{"a": 7, "items": {}}')`)
})
afterAll(() => engine.close())

test('several paths of a JSON column give what each gives alone', async () => {
  const sql = `
    select lax_string(payload.a.b), json_query(payload, '$.a'), payload.n, payload.missing
    from raw.events order by id`

  expect(await engine.rows(sql)).toEqual([
    ['x', '{"b":"x"}', 'null', null],
    [null, null, null, null],
    [null, '7', null, null],
  ])
})

test('a subquery reads paths of the columns around it and of its own', async () => {
  const sql = `
    select
      payload.a,
      (select lax_string(inside.payload.a) from raw.events as inside
       where inside.id = 3 and lax_string(outside.payload.a.b) = 'x')
    from raw.events as outside order by id`

  expect(await engine.rows(sql)).toEqual([
    ['{"b":"x"}', '7'],
    [null, null],
    ['7', null],
  ])
})

test('an array of structs is built from JSON in the order of its elements', async () => {
  const sql = `
    select array(
      select as struct position, lax_float64(item.p) as p, json_type(item.q) as q, item
      from unnest(json_query_array(payload.items)) as item with offset as position
      order by position)
    from raw.events order by id`

  expect(await engine.rows(sql)).toEqual([
    [
      [
        ['0', '1.5', 'null', '{"p":1.5,"q":null}'],
        ['1', '2.0', null, '{"p":"2"}'],
      ],
    ],
    [[]],
    [[]],
  ])
})
