import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from '../test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
})
afterAll(() => engine.close())
beforeEach(async () => {
  await engine.run(`
    drop schema if exists shop cascade;
    create schema shop;
    create table shop.stock (sku string not null, quantity int64 default 7, tags array<string>);
    insert into shop.stock (sku, quantity) values ('a', 1), ('b', 2)`)
})

const all = 'select sku, quantity, tags from shop.stock order by sku, quantity'

describe('INSERT', () => {
  test('fills the columns that it does not name with their defaults', async () => {
    await engine.run("insert into shop.stock (sku) values ('c')")

    expect((await engine.rows(all)).at(-1)).toEqual(['c', '7', []])
  })

  test('takes DEFAULT for a value, and an empty array for NULL', async () => {
    await engine.run("insert into shop.stock values ('c', default, null)")

    expect((await engine.rows(all)).at(-1)).toEqual(['c', '7', []])
  })

  test('counts its rows', async () => {
    const { dmlStats } = await engine.run(
      "insert into shop.stock (sku) select 'c' union all select 'd'",
    )

    expect(dmlStats).toEqual({ insertedRowCount: 2n, updatedRowCount: 0n, deletedRowCount: 0n })
  })

  test('refuses a NULL in a required column, and keeps none of its rows', async () => {
    expect(await engine.refusal("insert into shop.stock (sku) values ('c'), (null)")).toBe(
      'Required field sku cannot be null',
    )
    expect(await engine.rows(all)).toHaveLength(2)
  })

  test('refuses an array that holds a NULL', async () => {
    expect(
      await engine.refusal("insert into shop.stock (sku, tags) values ('c', ['x', null])"),
    ).toBe('Array cannot have a null element; error in writing field tags')
  })
})

describe('UPDATE', () => {
  test('takes values from another table', async () => {
    const { dmlStats } = await engine.run(`
      update shop.stock set quantity = counted.n
      from (select 'a' as sku, 10 as n) as counted where stock.sku = counted.sku`)

    expect(dmlStats?.updatedRowCount).toBe(1n)
    expect(await engine.rows(all)).toEqual([
      ['a', '10', []],
      ['b', '2', []],
    ])
  })

  test('refuses two values for one row', async () => {
    expect(
      await engine.refusal(`
        update shop.stock set quantity = counted.n
        from (select 'a' as sku, 1 as n union all select 'a', 2) as counted
        where stock.sku = counted.sku`),
    ).toBe('UPDATE/MERGE must match at most one source row for each target row')
  })
})

function merge(source: string): string {
  return `
    merge shop.stock as stock using (${source}) as counted on stock.sku = counted.sku
    when matched and counted.n = 0 then delete
    when matched then update set quantity = counted.n, tags = ['counted']
    when not matched then insert (sku, quantity) values (sku, n)`
}

describe('MERGE', () => {
  test('updates, deletes and inserts, and counts each', async () => {
    const { dmlStats } = await engine.run(
      merge("select 'a' as sku, 5 as n union all select 'b', 0 union all select 'c', 3"),
    )

    expect(dmlStats).toEqual({ insertedRowCount: 1n, updatedRowCount: 1n, deletedRowCount: 1n })
    expect(await engine.rows(all)).toEqual([
      ['a', '5', ['counted']],
      ['c', '3', []],
    ])
  })

  test('refuses two source rows for one target row, and changes nothing', async () => {
    expect(await engine.refusal(merge("select 'a' as sku, 5 as n union all select 'a', 6"))).toBe(
      'UPDATE/MERGE must match at most one source row for each target row',
    )
    expect(await engine.rows(all)).toEqual([
      ['a', '1', []],
      ['b', '2', []],
    ])
  })

  test('deletes what its source lacks', async () => {
    await engine.run(`
      merge shop.stock as stock using (select 'a' as sku) as kept on stock.sku = kept.sku
      when not matched by source then delete`)

    expect(await engine.rows(all)).toEqual([['a', '1', []]])
  })

  test('runs a volatile source once', async () => {
    await engine.run(`
      merge shop.stock as stock
      using (select sku, cast(floor(rand() * 1000000) as int64) as n from shop.stock) as dice
      on stock.sku = dice.sku
      when matched then update set quantity = dice.n, tags = [cast(dice.n as string)]`)

    for (const [, quantity, tags] of await engine.rows(all)) expect(tags).toEqual([quantity])
  })
})

test('DELETE and TRUNCATE count what went', async () => {
  expect((await engine.run("delete from shop.stock where sku = 'a'")).dmlStats).toMatchObject({
    deletedRowCount: 1n,
  })
  await engine.run('truncate table shop.stock')
  expect(await engine.rows(all)).toEqual([])
})

test('parameters of every type reach the statement', async () => {
  const rows = await engine.rows('select @s, @n, @d, @t, @a, @r.x, @nothing is null, @j.k', {
    parameters: [
      { name: 's', parameterType: { type: 'STRING' }, parameterValue: { value: "it's" } },
      { name: 'n', parameterType: { type: 'NUMERIC' }, parameterValue: { value: '1.50' } },
      { name: 'd', parameterType: { type: 'DATE' }, parameterValue: { value: '2025-02-08' } },
      {
        name: 't',
        parameterType: { type: 'TIMESTAMP' },
        parameterValue: { value: '2025-02-08 13:09:00.5+01:00' },
      },
      {
        name: 'a',
        parameterType: { type: 'ARRAY', arrayType: { type: 'INT64' } },
        parameterValue: { arrayValues: [{ value: '1' }, { value: '2' }] },
      },
      {
        name: 'r',
        parameterType: { type: 'STRUCT', structTypes: [{ name: 'x', type: { type: 'BOOL' } }] },
        parameterValue: { structValues: { x: { value: 'true' } } },
      },
      { name: 'nothing', parameterType: { type: 'INT64' }, parameterValue: { value: null } },
      { name: 'j', parameterType: { type: 'JSON' }, parameterValue: { value: '{"k": 1.0}' } },
    ],
  })

  expect(rows).toEqual([
    ["it's", '1.5', '2025-02-08', '1739016540500000', ['1', '2'], 'true', 'true', '1.0'],
  ])
})

function rangeParameter(start: string | null, end: string | null) {
  return {
    name: 'r',
    parameterType: { type: 'RANGE', rangeElementType: { type: 'DATE' } },
    parameterValue: { rangeValue: { start: { value: start }, end: { value: end } } },
  }
}

test('a parameter may be a range, and a type that is none is named', async () => {
  const contains = 'select @r, range_contains(@r, date "2025-02-09")'
  const open = { parameters: [rangeParameter('2025-02-08', null)] }
  expect(await engine.rows(contains, open)).toEqual([['[2025-02-08, UNBOUNDED)', 'true']])

  const empty = { parameters: [rangeParameter('2025-02-08', '2025-02-08')] }
  expect(await engine.refusal(contains, empty)).toContain('Range start element must be smaller')
  const odd = { name: 'r', parameterType: { type: 'ARRAY' }, parameterValue: {} }
  expect(await engine.refusal('select @r', { parameters: [odd] })).toBe(
    'Invalid value for parameterType: {"type":"ARRAY"}',
  )
})

test('columns of the target may be called as those that are printed', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `c${index + 1}`)
  await engine.run(`create table shop.numbered (${names.map((n) => `${n} int64`).join(', ')});
    insert into shop.numbered (c1, c2) values (1, 10), (2, 20);
    create table shop.changes as select 2 as c1, 21 as c2 union all select 3, 31;
    merge shop.numbered as t using shop.changes as s on t.c1 = s.c1
    when matched and s.c2 > t.c2 then update set c2 = s.c2, c3 = t.c2
    when not matched then insert (c1, c2) values (s.c1, s.c2);
    update shop.numbered as t set c4 = s.c2 + t.c1 from shop.changes as s
    where t.c1 = s.c1 and exists (select 1 from shop.changes as o where o.c2 = t.c2)`)

  expect(await engine.rows('select c1, c2, c3, c4 from shop.numbered order by c1')).toEqual([
    ['1', '10', null, null],
    ['2', '21', '20', '23'],
    ['3', '31', null, '34'],
  ])
})

test('a source may give one of its columns twice', async () => {
  await engine.run(`create table shop.moved as select 'a' as sku, 5 as n;
    merge shop.stock as t using (select sku, n as before, n as after from shop.moved) as s
    on t.sku = s.sku
    when matched then update set quantity = s.before + s.after`)

  expect((await engine.rows(all))[0]).toEqual(['a', '10', []])
})

describe('a destination table', () => {
  const table = { projectId: 'shop-events', datasetId: 'shop', tableId: 'result' }
  const destination = (
    writeDisposition: 'WRITE_EMPTY' | 'WRITE_TRUNCATE' | 'WRITE_APPEND',
    createDisposition: 'CREATE_IF_NEEDED' | 'CREATE_NEVER' = 'CREATE_IF_NEEDED',
  ) => ({ destination: { table, writeDisposition, createDisposition } })

  test('is made, appended to and replaced', async () => {
    await engine.run('select 1 as x', destination('WRITE_EMPTY'))
    await engine.run('select 2 as x', destination('WRITE_APPEND'))
    expect(await engine.rows('select x from shop.result order by x')).toEqual([['1'], ['2']])

    await engine.run("select 'y' as y", destination('WRITE_TRUNCATE'))
    expect(await engine.rows('select y from shop.result')).toEqual([['y']])
  })

  test('that holds rows is not written to when it must be empty', async () => {
    await engine.run('select 1 as x', destination('WRITE_EMPTY'))

    expect(await engine.refusal('select 2 as x', destination('WRITE_EMPTY'))).toBe(
      'Already Exists: Table shop-events:shop.result',
    )
  })

  test('gets the defaults of the columns that the query lacks', async () => {
    await engine.run("create table shop.result (x int64, y string default 'y', z array<int64>)")
    await engine.run('select 1 as x', destination('WRITE_APPEND'))

    expect(await engine.rows('select x, y, z from shop.result')).toEqual([['1', 'y', []]])
  })

  test('takes more columns only where the job allows it', async () => {
    await engine.run('select 1 as x', destination('WRITE_EMPTY'))
    const query = "select 2 as x, ['y'] as y"

    expect(await engine.refusal(query, destination('WRITE_APPEND'))).toBe(
      'Invalid schema update. Cannot add fields (field: y)',
    )
    const { destination: target } = destination('WRITE_APPEND')
    await engine.run(query, {
      destination: { ...target, schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'] },
    })
    expect(await engine.rows('select x, y from shop.result order by x')).toEqual([
      ['1', []],
      ['2', ['y']],
    ])
  })

  test('that is missing is not made when it must exist', async () => {
    expect(await engine.refusal('select 1', destination('WRITE_APPEND', 'CREATE_NEVER'))).toBe(
      'Not found: Table shop-events:shop.result',
    )
  })
})

describe('a parameterized type', () => {
  test('rounds to its scale', async () => {
    await engine.run('create table shop.prices (price numeric(5, 2), name string(3))')
    await engine.run("insert into shop.prices values (numeric '1.005', 'abc'), (-999.994, null)")

    expect(await engine.rows('select price, name from shop.prices order by price')).toEqual([
      ['-999.99', null],
      ['1.01', 'abc'],
    ])
  })

  test('refuses what it cannot hold', async () => {
    await engine.run('create table shop.prices (price numeric(5, 2), name string(3))')

    expect(await engine.refusal("insert into shop.prices (name) values ('abcd')")).toBe(
      'Field name: STRING(3) has maximum length 3 but got a value with length 4',
    )
    expect(await engine.refusal('insert into shop.prices (price) values (999.996)')).toBe(
      'Field price: NUMERIC(5, 2) has precision 5 and scale 2 but got a value that is not in range',
    )
  })
})

test('partitions expire whole, for queries and for changes alike', async () => {
  await engine.run(`
    create table shop.visits (day date, at_time timestamp) partition by day
    options (partition_expiration_days = 3);
    insert into shop.visits (day)
    select day from unnest(generate_date_array('2025-02-01', '2025-02-08')) as day`)
  const days = 'select min(day), count(*) from shop.visits'

  expect(await engine.rows(days)).toEqual([['2025-02-06', '3']])
  expect(
    (await engine.run('update shop.visits set at_time = null where true')).dmlStats,
  ).toMatchObject({ updatedRowCount: 3n })
  const { now } = engine.time
  engine.time.now += 86_400_000
  expect(await engine.rows(days)).toEqual([['2025-02-07', '2']])
  engine.time.now = now
})

test('a query whose result holds an array with a NULL fails', async () => {
  expect(await engine.refusal('select [1, null] as numbers')).toBe(
    'Array cannot have a null element; error in writing field numbers',
  )
})

test('a statement that is cancelled at whatever moment stops and changes nothing', async () => {
  for (const milliseconds of [0, 1, 2, 3, 5, 8, 13, 21, 34, 100]) {
    const controller = new AbortController()
    const running = engine.run(
      `insert into shop.stock (sku)
       select cast(a as string) from unnest(generate_array(1, 30000)) as a,
         unnest(generate_array(1, 30000)) as b where mod(a * b, 7919) = 1`,
      { signal: controller.signal },
    )
    setTimeout(() => controller.abort(), milliseconds)

    await expect(running).rejects.toThrow(/cancelled|aborted/)
  }
  expect(await engine.rows(all)).toHaveLength(2)
})

test('tables by the time of ingestion are changed by their pseudo-columns', async () => {
  await engine.run(`
    create table shop.days (n int64) partition by _PARTITIONDATE;
    insert shop.days (_PARTITIONTIME, n) values (timestamp '2025-01-01', 1), (timestamp '2025-01-02', 2)`)
  await engine.run("update shop.days set n = 3 where _PARTITIONDATE = '2025-01-01'")
  await engine.run("delete from shop.days where _PARTITIONDATE > '2025-01-01'")

  expect(await engine.rows('select n, string(_PARTITIONTIME) from shop.days')).toEqual([
    ['3', '2025-01-01 00:00:00+00'],
  ])
  expect(
    await engine.refusal(
      "insert shop.days (_PARTITIONTIME, n) values (timestamp '2025-01-01 05:00:00', 1)",
    ),
  ).toBe(
    'Invalid value for pseudo column _PARTITIONTIME: it must be the first moment of a partition by DAY',
  )
})
