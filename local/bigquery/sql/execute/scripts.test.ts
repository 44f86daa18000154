import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from './test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
})
afterAll(() => engine.close())
beforeEach(async () => {
  await engine.run(`
    drop schema if exists shop cascade;
    create schema shop;
    create table shop.log (n int64, text string)`)
})

describe('variables', () => {
  test('have the type of their default where they name none', async () => {
    expect(
      await engine.rows(`
        declare day default date '2025-02-08';
        declare a, b int64 default 2;
        set a = a + b;
        set (a, b) = (b, a);
        select day, a, b, array(select x from unnest([1, 2, 3]) as x where x > b - 3)`),
    ).toEqual([['2025-02-08', '2', '4', ['2', '3']]])
  })

  test('take what may be assigned to their type, and nothing else', async () => {
    expect(
      await engine.rows(
        `
        declare price numeric default 1.5;
        declare at timestamp default '2025-02-08 13:09:00+00';
        declare tags array<string> default [];
        set price = 2;
        select price, at, tags`
          .replaceAll(' at ', ' placed ')
          .replace(', at,', ', placed,'),
      ),
    ).toEqual([['2', '1739020140000000', []]])
    expect(await engine.refusal("declare n int64; set n = 'x'")).toBe(
      "Query error: Cannot coerce expression 'x' to type INT64 at [1:18]",
    )
  })

  test('of a block end with it', async () => {
    expect(await engine.refusal('begin declare n int64; end; select n')).toContain(
      'Unrecognized name: n at [1:36]',
    )
  })
})

describe('control', () => {
  test('IF, CASE, LOOP, WHILE, REPEAT and FOR take the way that their conditions say', async () => {
    expect(
      await engine.rows(`
        declare steps string default '';
        declare n int64 default 0;
        if n > 0 then set steps = 'wrong'; elseif n = 0 then set steps = 'if'; end if;
        case n + 1 when 1 then set steps = steps || ' case'; else set steps = 'wrong'; end case;
        loop set n = n + 1; if n = 2 then continue; end if; if n > 3 then break; end if;
          set steps = steps || ' ' || cast(n as string); end loop;
        while n > 2 do set n = n - 1; end while;
        repeat set n = n + 10; until n > 20 end repeat;
        for row in (select x from unnest([7, 8]) as x) do
          set steps = steps || ' ' || cast(row.x as string); end for;
        select steps, n`),
    ).toEqual([['if case 1 3 7 8', '22']])
  })

  test('a label leaves the outer loop', async () => {
    expect(
      await engine.rows(`
        declare n int64 default 0;
        outside: loop loop set n = n + 1; leave outside; end loop; end loop;
        select n`),
    ).toEqual([['1']])
  })
})

describe('errors', () => {
  test('are caught with their message, and the script goes on', async () => {
    expect(
      await engine.rows(`
        begin
          insert into shop.log values (1, 'kept');
          select 1 / 0;
        exception when error then
          insert into shop.log values (2, @@error.message);
        end;
        select n, text from shop.log order by n`),
    ).toEqual([
      ['1', 'kept'],
      ['2', 'Query error: division by zero: 1 / 0 at [4:11]'],
    ])
  })

  test('are raised again by a bare RAISE, and by one with a message of its own', async () => {
    expect(await engine.refusal('begin select 1 / 0; exception when error then raise; end')).toBe(
      'Query error: division by zero: 1 / 0 at [1:7]',
    )
    expect(await engine.refusal("raise using message = 'no ' || 'way'")).toBe(
      'Query error: no way at [1:1]',
    )
  })

  test('that are our own refusals are never caught', async () => {
    expect(
      await engine.refusal(`
        begin select * from shop.log for system_time as of timestamp '2999-01-01';
        exception when error then select 'caught'; end`),
    ).toContain('not supported by the local engine')
  })

  test('name the place in the script', async () => {
    expect(await engine.refusal('select 1;\nselect\n  nothing')).toBe(
      'Query error: Unrecognized name: nothing at [3:3]',
    )
  })
})

describe('transactions', () => {
  test('are undone by ROLLBACK and by the end of the script', async () => {
    await engine.run(
      "begin transaction; insert into shop.log values (1, 'a'); rollback transaction",
    )
    await engine.run("begin transaction; insert into shop.log values (2, 'b')")

    expect(await engine.rows('select n from shop.log')).toEqual([])
  })

  test('hold no DDL but that of temporary tables', async () => {
    expect(
      await engine.refusal('begin transaction; create table shop.late (n int64); commit'),
    ).toBe(
      'Query error: DDL statements are not supported in a transaction, except for those creating or ' +
        'droping temporary tables or temporary functions. at [1:20]',
    )
    expect(
      await engine.rows(`
        begin transaction; create temp table t as select 1 as n;
        insert into shop.log select n, 'x' from t; drop table t; commit transaction;
        select n from shop.log`),
    ).toEqual([['1']])
  })

  test('outlive an error that is caught', async () => {
    await engine.run(`
      begin transaction;
      insert into shop.log values (1, 'before');
      begin
        insert into shop.log select 2, cast(1 / 0 as string);
      exception when error then
        insert into shop.log values (3, 'after');
      end;
      commit transaction`)

    expect(await engine.rows('select n from shop.log order by n')).toEqual([['1'], ['3']])
  })

  test('are seen by nobody else before COMMIT', async () => {
    const script = engine.run(`
      begin transaction;
      insert into shop.log select x, 'x' from unnest(generate_array(1, 1000)) as x;
      insert into shop.log select x, 'y' from unnest(generate_array(1, 1000)) as x;
      commit transaction`)
    const counts = new Set<unknown>()
    const ended = script.then(() => 'ended')
    const running = (): Promise<string> => Promise.race([ended, Promise.resolve('running')])
    while ((await running()) === 'running') {
      counts.add((await engine.rows('select count(*) from shop.log'))[0]?.[0])
    }

    expect([...counts].filter((count) => count !== '0' && count !== '2000')).toEqual([])
  })
})

test('temporary tables and functions live as long as their script', async () => {
  const script = `
    create temp table found as select 1 as n;
    create temp function twice(x int64) as (x * 2);
    insert into found values (4);
    select twice(n) from found order by n`

  expect(await engine.rows(script)).toEqual([['2'], ['8']])
  expect(await engine.refusal('select n from found')).toContain('must be qualified with a dataset')
  expect(engine.catalog.current.hiddenDatasets()).toEqual([])
})

test.each([
  [
    'load data into shop.log from files (format = "CSV", uris = ["gs://b/x.csv"])',
    'not supported by the local engine: LOAD DATA statements',
  ],
  [
    'create temp function one() as (1); create view shop.ones as select one() as n',
    'Query error: Creating views with temporary user-defined functions is not supported at [1:36]',
  ],
  ["set @@nothing = 'x'", 'Query error: Unrecognized name: @@nothing at [1:1]'],
  [
    "select date_add('2025-01-01', interval 1 hour)",
    'DATE_ADD does not support the HOUR date part when the argument is DATE type',
  ],
  [
    'select 1; declare n int64',
    'Variable declarations are allowed only at the start of a block or script at [1:11]',
  ],
  [
    'if true then declare n int64; end if',
    'Variable declarations are allowed only at the start of a block or script at [1:14]',
  ],
  ['begin continue; end', 'CONTINUE is only allowed inside of a loop body at [1:7]'],
  ['select 1;\nleave', 'LEAVE without label is only allowed inside of a loop body at [2:1]'],
  [
    'commit transaction',
    'Transaction control statements are supported only in scripts or sessions',
  ],
  [
    'create temp table t as select 1 as n',
    'Use of CREATE TEMPORARY TABLE requires a script or session',
  ],
  [
    'create temp function f() as (1)',
    'CREATE TEMPORARY FUNCTION statements must be followed by an actual query.',
  ],
])('is refused before it begins: %s', async (sql, message) => {
  expect(await engine.refusal(sql)).toBe(message)
})

test('a variable holds what its type can hold', async () => {
  expect(
    await engine.rows('declare x numeric(5, 2) default 1.239; set x = x + 1.116; select x'),
  ).toEqual([['2.36']])
  expect(await engine.refusal("declare x string(2); set x = 'abc'")).toBe(
    'Query error: STRING has maximum length 2 at [1:22]',
  )
})

test('a script may say where its tables are', async () => {
  expect(
    await engine.rows(`
      set @@dataset_id = 'shop';
      insert into log values (1, 'a');
      select n, @@dataset_id from log`),
  ).toEqual([['1', 'shop']])
  expect(await engine.refusal('set @@dataset_id = null')).toContain('SET @@dataset_id')
})

test('a handler knows which statement failed', async () => {
  expect(
    await engine.rows(`
      begin if true then select 1 / 0; end if;
      exception when error then select @@error.statement_text; end`),
  ).toEqual([['select 1 / 0']])
  expect(await engine.rows('select @@error.statement_text, @@location')).toEqual([[null, 'US']])
})

test('EXECUTE IMMEDIATE sees the values of USING and no variables', async () => {
  expect(
    await engine.rows(
      `
      declare total int64;
      execute immediate 'select @x + ?' into total using 1 as x`.replace(' + ?', ' + 2') +
        '; select total',
    ),
  ).toEqual([['3']])
  expect(
    await engine.refusal("declare secret int64 default 1; execute immediate 'select secret'"),
  ).toContain('Unrecognized name: secret')
})

test('a procedure gets its arguments, gives its results and sees nothing else', async () => {
  await engine.run(`
    create procedure shop.divide(a int64, b int64, out whole int64, inout calls int64)
    begin
      set whole = div(a, b);
      set calls = calls + 1;
    end`)

  expect(
    await engine.rows(`
      declare whole int64;
      declare calls int64 default 5;
      call shop.divide(17, 5, whole, calls);
      select whole, calls`),
  ).toEqual([['3', '6']])
})

test.each([
  ['select 1 as a; select * from shop.nothing', 'Not found: Table shop-events:shop.nothing'],
  ['if n > 1 then select nothing from shop.log; end if', 'Unrecognized name: nothing'],
  ['declare m int64 default n; declare k string; select m, k, o', 'Unrecognized name: o'],
])('a procedure of a table or column that is not there is not made: %s', async (body, words) => {
  const create = 'create or replace procedure shop.checked(n int64)'

  expect(await engine.refusal(`${create} begin ${body}; end`)).toContain(words)
  await engine.run(`${create} options (strict_mode = false) begin ${body}; end`)
})

test.each([
  'create temp table t (a int64); select a from t; select * from shop.nothing',
  "execute immediate 'create table x (a int64)'; select nothing from shop.nothing",
  'declare m array<int64>; set m = [n]; select m[offset(0)] + n from shop.log',
])('what the body of a procedure may make itself is looked for when it runs: %s', async (body) => {
  await engine.run(`create or replace procedure shop.checked(n int64) begin ${body}; end`)

  expect(
    await engine.rows(
      "select routine_type from shop.INFORMATION_SCHEMA.ROUTINES where routine_name = 'checked'",
    ),
  ).toEqual([['PROCEDURE']])
})

test('the result of a script is that of its last statement, and each statement is told', async () => {
  const result = await engine.run("select 1; insert into shop.log values (1, 'a'); select 2 as two")

  expect(result).toMatchObject({ statementType: 'SCRIPT', schema: [{ name: 'two' }] })
  expect(result.children?.map(({ statementType }) => statementType)).toEqual([
    'SELECT',
    'INSERT',
    'SELECT',
  ])
})

test('ASSERT passes what is true and stops at what is not', async () => {
  await engine.run("assert exists(select 1) as 'something'")

  expect(await engine.refusal("assert (select count(*) from shop.log) > 0 as 'log is empty'")).toBe(
    'log is empty',
  )
})

test('a recursive query ends after 500 iterations, by itself or with an error', async () => {
  const counting = `
    with recursive r as (select 1 as n union all select n + 1 from r where n < @last)
    select count(*), sum(b.n) from r join r as b using (n)`

  expect(await engine.rows(counting.replace('@last', '500'))).toEqual([['500', '125250']])
  expect(await engine.refusal(counting.replace('@last', '1000'))).toBe(
    'A recursive CTE has reached the maximum number of iterations: 500.',
  )
})
