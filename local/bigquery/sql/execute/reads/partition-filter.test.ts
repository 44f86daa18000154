import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from '../test-engine.ts'

const missing =
  "Cannot query over table 'raw.raw_events' without a filter over column(s) 'ingest_time' " +
  'that can be used for partition elimination'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
  await engine.run(`
    create schema raw;
    create table raw.raw_events (id string, ingest_time timestamp not null)
    partition by timestamp_trunc(ingest_time, hour)
    options (require_partition_filter = true);
    create table raw.others (id string, ingest_time timestamp);
    create view raw.view as select upper(id) as name, ingest_time as seen from raw.raw_events;
    insert into raw.raw_events
    select cast(n as string), timestamp_add(timestamp '2025-02-08', interval n * 20 minute)
    from unnest(generate_array(0, 8)) as n`)
})
afterAll(() => engine.close())

describe('a table that demands a partition filter is read', () => {
  test.each([
    ["select id from raw.raw_events where ingest_time > '2025-02-08'"],
    ["select id from raw.raw_events where id = 'x' and date(ingest_time) = '2025-02-08'"],
    ['declare since timestamp; select id from raw.raw_events where ingest_time > since'],
    ["select name from raw.view where seen between '2025-02-08' and '2025-02-09'"],
    ["with e as (select * from raw.raw_events) select id from e where ingest_time < '2025-02-09'"],
    ["select count(*) from raw.raw_events group by ingest_time having ingest_time > '2025-02-08'"],
    [
      "select o.id from raw.others o join raw.raw_events e on e.id = o.id and e.ingest_time > '2025-01-01'",
    ],
    [
      "select o.id from raw.others o left join raw.raw_events e on e.id = o.id and e.ingest_time > '2025-01-01'",
    ],
    [
      "select id from (select id, ingest_time t from raw.raw_events union all select id, ingest_time from raw.others) where t > '2025-02-08'",
    ],
    ["select exists(select 1 from raw.raw_events where ingest_time > '2025-02-08')"],
    ["delete from raw.raw_events where ingest_time < '2025-01-01'"],
    [
      "merge raw.raw_events t using raw.others o on t.id = o.id and t.ingest_time > '2025-01-01' when matched then delete",
    ],
  ])('by %s', async (sql) => {
    await expect(engine.run(sql)).resolves.toBeDefined()
  })
})

describe('a table that demands a partition filter is not read', () => {
  test.each([
    ['select id from raw.raw_events'],
    ["select id from raw.raw_events where id = 'x'"],
    ["select id from raw.raw_events where ingest_time > '2025-02-08' or id = 'x'"],
    ['select name from raw.view'],
    [
      "select id from (select id, ingest_time from raw.raw_events limit 5) where ingest_time > '2025-02-08'",
    ],
    [
      "select id from (select id, ingest_time, row_number() over (order by id) n from raw.raw_events) where ingest_time > '2025-02-08'",
    ],
    [
      "select o.id from raw.others o left join raw.raw_events e on e.id = o.id where o.ingest_time > '2025-02-08'",
    ],
    [
      "select e.id from raw.raw_events e left join raw.others o on e.id = o.id and e.ingest_time > '2025-02-08'",
    ],
    ['select (select max(id) from raw.raw_events)'],
    ["delete from raw.raw_events where id = 'x'"],
    ['merge raw.raw_events t using raw.others o on t.id = o.id when matched then delete'],
    ['create table raw.copied as select id from raw.raw_events'],
  ])('by %s', async (sql) => {
    expect(await engine.refusal(sql)).toBe(missing)
  })
})

describe('the bytes of a query are those of', () => {
  // Three rows of 3 and 8 bytes in each of three hours.
  test.each([
    ['the columns', "select id from raw.raw_events where ingest_time > '2000-01-01'", 9n * 11n],
    [
      'the partitions',
      "select id from raw.raw_events where ingest_time >= '2025-02-08 01:30:00'",
      6n * 11n,
    ],
    [
      'one partition',
      "select id from raw.raw_events where ingest_time = '2025-02-08 01:59:00'",
      3n * 11n,
    ],
    [
      'two ends',
      "select ingest_time from raw.raw_events where ingest_time between '2025-02-08 01:00:00' and '2025-02-08 01:10:00'",
      3n * 8n,
    ],
    [
      'listed partitions',
      "select id from raw.raw_events where ingest_time in unnest([timestamp '2025-02-08 01:59:00', '2025-02-08 02:00:00'])",
      6n * 11n,
    ],
    ['no partition', 'select id from raw.raw_events where ingest_time in unnest([])', 0n],
    ['a view', "select name from raw.view where '2025-02-08 02:00:00' <= seen", 3n * 11n],
    [
      'a change of one partition, of which all columns are read',
      "delete raw.raw_events where ingest_time >= '2025-02-08 02:00:00' and id = 'x'",
      3n * 11n,
    ],
    [
      'a MERGE that may change rows',
      "merge raw.raw_events t using (select 'x' as id) s on t.id = s.id and " +
        "t.ingest_time >= '2025-02-08 02:00:00' when matched then update set id = s.id",
      3n * 11n,
    ],
    ['nothing', 'select 1', 0n],
  ])('%s', async (_, sql, bytes) => {
    expect((await engine.run(sql, { dryRun: true })).totalBytesProcessed).toBe(bytes)
  })
})

test('bytes are counted anew once rows came or went', async () => {
  const bytes = async (): Promise<bigint> =>
    (await engine.run('select id from raw.others')).totalBytesProcessed
  const counted = [await bytes()]
  await engine.run("insert into raw.others values ('x', null)")
  counted.push(await bytes())
  await engine.run("update raw.others set id = 'xyz' where true")
  counted.push(await bytes())
  await engine.run('truncate table raw.others')
  counted.push(await bytes())

  expect(counted).toEqual([0n, 3n, 5n, 0n])
})
