import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from '../test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
  // A row has 8 bytes in a, 1 in b, 16 in c.
  await engine.run(`
    create schema shop;
    create table shop.t (a int64, b bool, c numeric);
    create table shop.u (a int64, b bool, c numeric);
    create view shop.sums as
    select a, b, c + 1 as more from shop.t union all select a, b, c * 2 as twice from shop.u;
    create view shop.renamed as select more as most, a as id, b from shop.sums;
    insert shop.t (a, b, c) values (1, true, 2);
    insert shop.u (a, b, c) values (3, false, 4)`)
})
afterAll(() => engine.close())

test.each([
  ['select count(*) from shop.sums', 0],
  ['select a from shop.sums', 16],
  ['select more from shop.sums', 32],
  ['select * from shop.sums', 50],
  ['select id from shop.renamed where b', 18],
  ['select most from shop.renamed', 32],
  ['select x.a from shop.sums as x inner join shop.renamed as y on x.a = y.id', 16],
  ['with e as (select a, c from shop.t) select a from e', 8],
  ['with e as (select a, c from shop.t) select e.a, f.c from e cross join e as f', 24],
  ['select a from (select a, sum(c) as total from shop.t group by a)', 8],
  ['select a from (select a, sum(c) as total from shop.t group by a having total > 1)', 24],
  ['select a from (select a, sum(c) over (partition by b) as total from shop.t)', 9],
  ['select a from shop.t qualify row_number() over (partition by b order by c) = 1', 25],
  ['select a from shop.t order by c', 24],
  ['select a from (select a, c from shop.t union distinct select a, c from shop.u)', 48],
  ['select a from (select distinct a, c from shop.t)', 24],
  ['select a from shop.t where exists (select 1 from shop.u where c > 1)', 24],
  ['select a from shop.t where exists (select 1 from shop.u where u.a = t.a and t.b)', 17],
  ['select a from (select a, (select max(c) from shop.u) as most from shop.t)', 24],
  ['select array(select as struct b from shop.u) from shop.t', 1],
  [
    `with recursive steps as (select a, c from shop.t union all select a + 1, c from steps where a < 3)
    select a from steps`,
    24,
  ],
  ['select a from shop.t pivot (sum(c) for b in (true))', 8],
  ['insert shop.u (a) select a from shop.renamed as r inner join shop.t on id = a', 16],
  ['create table shop.made as select id from shop.renamed', 16],
  [
    'merge shop.t using shop.sums as s on t.a = s.a when not matched then insert (a) values (a)',
    16,
  ],
  ['merge shop.t using shop.sums as s on t.a = s.a when matched then update set c = s.more', 49],
  ['update shop.t set a = 1 where b', 25],
])('%s reads %i bytes', async (sql, bytes) => {
  const { totalBytesProcessed } = await engine.run(sql, { dryRun: true })

  expect(Number(totalBytesProcessed)).toBe(bytes)
})
