import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from './test-engine.ts'

const hour = 3_600_000
let engine: TestEngine
let dataset = 0
beforeAll(async () => {
  engine = await startTestEngine()
})
afterAll(() => engine.close())
beforeEach(async () => {
  dataset += 1
  await run('create schema d')
})

/** Each test has a dataset of its own in place of `d`, and each statement a second of its own. */
function own(sql: string): string {
  return sql.replaceAll(/\bd\b/g, `d${dataset}`)
}

async function run(sql: string) {
  engine.time.now += 1000
  return await engine.run(own(sql))
}

async function rows(sql: string): Promise<unknown[][]> {
  engine.time.now += 1000
  return await engine.rows(own(sql))
}

async function refusal(sql: string): Promise<string> {
  engine.time.now += 1000
  return await engine.refusal(own(sql))
}

/** SQL of the time that it is now. */
function now(): string {
  return `timestamp_millis(${engine.time.now})`
}

async function stock(at?: string, table = 'd.stock'): Promise<string> {
  const time = at === undefined ? '' : `for system_time as of ${at}`
  const found = await rows(`select sku, n from ${table} ${time} order by sku, n`)
  return found.map(([sku, n]) => `${String(sku)}${String(n)}`).join(' ')
}

async function createStock(): Promise<string> {
  await run('create table d.stock (sku string, n int64)')
  await run("insert into d.stock values ('a', 1), ('b', 2), ('c', 3)")
  return now()
}

describe('a table is read as it was', () => {
  const changes: [name: string, sql: string, after: string][] = [
    ['INSERT', "insert into d.stock values ('e', 4)", 'a1 b2 c3 e4'],
    ['UPDATE', "update d.stock set n = n + 10 where sku <> 'b'", 'a11 b2 c13'],
    [
      'UPDATE with FROM',
      "update d.stock set n = s.n from (select 'b' as sku, 9 as n) s where stock.sku = s.sku",
      'a1 b9 c3',
    ],
    ['DELETE', "delete from d.stock where sku = 'a'", 'b2 c3'],
    ['DELETE at random', 'delete from d.stock where rand() < 2 and n > 1', 'a1'],
    ['TRUNCATE', 'truncate table d.stock', ''],
    [
      'MERGE',
      `merge d.stock t using (select 'a' as sku, 7 as n union all select 'z', 8) s on t.sku = s.sku
       when matched then update set n = s.n
       when not matched then insert (sku, n) values (sku, n)
       when not matched by source and t.n = 2 then delete
       when not matched by source then update set n = -n`,
      'a7 c-3 z8',
    ],
    ['CREATE OR REPLACE', "create or replace table d.stock as select 'x' as sku, 0 as n", 'x0'],
    [
      'CREATE OR REPLACE of itself',
      'create or replace table d.stock as select sku, n from d.stock where n > 1',
      'b2 c3',
    ],
    [
      'a script',
      `begin
         delete from d.stock where n = 1; insert into d.stock values ('q', 5);
         update d.stock set n = 6 where sku = 'q'; delete from d.stock where n = 2;
       end`,
      'c3 q6',
    ],
    [
      'a transaction',
      `begin transaction;
       delete from d.stock where n = 1; insert into d.stock values ('q', 5), ('r', 5);
       update d.stock set n = 6 where n = 5; delete from d.stock where sku = 'r';
       commit transaction`,
      'b2 c3 q6',
    ],
  ]
  test.for(changes)('before and after %s', async ([, sql, after]) => {
    const before = await createStock()
    await run(sql)
    const then = now()
    await run("insert into d.stock values ('later', 1)")

    expect(await stock(before)).toBe('a1 b2 c3')
    expect(await stock(then)).toBe(after)
    expect(await stock('current_timestamp()')).toBe(await stock())
  })

  test('through many random changes', async () => {
    const seed = 20250208
    let state = seed
    const draw = (below: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0
      return Math.floor((state / 2 ** 32) * below)
    }
    await run('create table d.stock (sku string, n int64)')
    const moments: { at: string; held: string }[] = []
    for (let step = 0; step < 40; step++) {
      const [k, n] = [draw(8), draw(5)]
      const statements = [
        `insert into d.stock select concat('s', x), ${n} from unnest(generate_array(${k}, ${k + 2})) x`,
        `update d.stock set n = n + 1 where n <= ${n}`,
        `delete from d.stock where mod(n, 5) = ${n}`,
        `merge d.stock t using (select 's${k}' as sku) s on t.sku = s.sku and t.n = ${n}
         when matched then delete when not matched then insert (sku, n) values ('s${k}', ${n})`,
        step % 3 === 0 ? 'truncate table d.stock' : 'select 1',
        'create or replace table d.stock as select distinct sku, n from d.stock',
      ]
      await run(statements[draw(statements.length)] ?? '')
      moments.push({ at: now(), held: await stock() })
    }
    for (const { at, held } of moments) {
      expect(await stock(at), `seed ${seed}, at ${at}`).toBe(held)
    }
    expect(new Set(moments.map(({ held }) => held)).size).toBeGreaterThan(15)
  })

  test('in joins, views, parameters and variables', async () => {
    const before = await createStock()
    await run('update d.stock set n = 0 where true')
    await run(`create view d.past as select sku, n from d.stock for system_time as of ${before}`)

    expect(await stock(undefined, 'd.past')).toBe('a1 b2 c3')
    expect(
      await rows(`select sum(past.n), sum(present.n)
                  from d.stock past for system_time as of ${before} join d.stock present using (sku)`),
    ).toEqual([['6', '0']])
    expect(
      await rows(`declare moment timestamp default ${before};
                  select sum(n) from d.stock for system_time as of moment`),
    ).toEqual([['6']])
  })

  test('what a failed statement or a transaction that was rolled back did is not seen', async () => {
    const before = await createStock()
    await refusal(`update d.stock set n = s.n from (select 1 as n union all select 2) s where true`)
    await run('begin transaction; delete from d.stock where true; rollback transaction')
    await run('delete from d.stock where n = 3')

    expect(await stock(before)).toBe('a1 b2 c3')
    expect(await stock()).toBe('a1 b2')
  })

  test('expired partitions are there as long as they were', async () => {
    const day = new Date(engine.time.now).toISOString().slice(0, 10)
    await run(`create table d.stock (sku string, n int64, day date) partition by day
               options (partition_expiration_days = 1)`)
    await run(`insert into d.stock values ('a', 1, '${day}')`)
    const before = now()
    engine.time.now += 72 * hour
    await run(`insert into d.stock values ('b', 2, current_date())`)

    expect(await stock()).toBe('b2')
    expect(await stock(before)).toBe('a1')
  })
})

describe('the time must be one that is known', () => {
  test('not before the table, and not more than a week ago', async () => {
    const early = engine.time.now
    const before = await createStock()
    const created = engine.time.now - 1000
    expect(
      await refusal(own(`select * from d.stock for system_time as of timestamp_millis(${early})`)),
    ).toBe(
      `Invalid snapshot time ${early} for table shop-events:d${dataset}.stock@${early}. Cannot read before ${created}.`,
    )
    engine.time.now += 168 * hour
    expect(await refusal(`select * from d.stock for system_time as of ${before}`)).toMatch(
      /^Invalid snapshot time .* Cannot read before /,
    )
  })

  test('a dataset may keep less than a week', async () => {
    await run('alter schema d set options (max_time_travel_hours = 48)')
    const before = await createStock()
    await run('delete from d.stock where n = 1')
    engine.time.now += 47 * hour
    expect(await stock(before)).toBe('a1 b2 c3')
    engine.time.now += hour
    expect(await refusal(`select * from d.stock for system_time as of ${before}`)).toMatch(
      /^Invalid snapshot time /,
    )
  })

  test('a time to come and a time before an ALTER are refused in words', async () => {
    const before = await createStock()
    expect(
      await refusal(`select * from d.stock for system_time as of timestamp '2999-01-01'`),
    ).toMatch(/not supported by the local engine: .* still to come/)
    await run('alter table d.stock add column note string')
    const then = now()
    await run('delete from d.stock where n = 1')
    expect(await stock(then)).toBe('a1 b2 c3')
    expect(await refusal(`select * from d.stock for system_time as of ${before}`)).toMatch(
      /not supported by the local engine: .* columns or the name of the table changed/,
    )
  })

  test('a replaced table with other columns is refused in words', async () => {
    const before = await createStock()
    await run("create or replace table d.stock as select 'x' as sku")
    expect(await refusal(`select * from d.stock for system_time as of ${before}`)).toMatch(
      /not supported by the local engine: .* had other columns/,
    )
  })

  test('a dropped table is not found, though it is there again under its name', async () => {
    const before = await createStock()
    await run('drop table d.stock')
    expect(await refusal(`select * from d.stock for system_time as of ${before}`)).toMatch(
      /^Not found: Table /,
    )
  })
})

describe('a table is made from what another was', () => {
  test.for(['create snapshot table d.copy clone', 'create table d.copy clone'])(
    '%s',
    async (create) => {
      const before = await createStock()
      await run('delete from d.stock where n = 1')
      await run('create or replace table d.stock as select sku from d.stock')
      await run(`${create} d.stock for system_time as of ${before}`)

      expect(await stock(undefined, 'd.copy')).toBe('a1 b2 c3')
    },
  )

  test('a table is brought back in its own place', async () => {
    const before = await createStock()
    await run('truncate table d.stock')
    await run(`create or replace table d.stock clone d.stock for system_time as of ${before}`)

    expect(await stock()).toBe('a1 b2 c3')
  })
})

test('what nobody can look back at any more is removed', async () => {
  await createStock()
  await run('delete from d.stock where n = 1')
  await run('truncate table d.stock')
  const kept = async (): Promise<unknown> =>
    await engine.catalog.read(async ({ connection }) => {
      const found = await connection.runAndReadAll(
        `select count(*) from duckdb_tables() where schema_name like '%.d${dataset}' and contains(table_name, '@')`,
      )
      return Number(found.getRows()[0]?.[0])
    })
  expect(await kept()).toBeGreaterThan(1)
  engine.time.now += 170 * hour
  await run('create table d.other (n int64)')
  expect(await kept()).toBe(0)
})
