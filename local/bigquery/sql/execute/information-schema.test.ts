import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from './test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
  await engine.run(`
    create schema shop;
    create schema other;
    create table shop.orders (
      id string not null, day date default current_date(), lines array<struct<sku string, n numeric(5, 2)>>
    ) partition by day cluster by id options (description = "Orders", labels = [('a', 'b')]);
    insert into shop.orders (id, day) values ('a', '2025-02-08'), ('b', '2025-02-08'), ('c', null);
    create view shop.ids as select id from shop.orders;
    create function shop.twice(x int64) returns int64 as (x * 2);
    create table shop.ranges (n int64) partition by range_bucket(n, generate_array(0, 100, 10));
    insert into shop.ranges values (5), (15), (19), (200)`)
})
afterAll(() => engine.close())

test('SCHEMATA lists the datasets of the project', async () => {
  for (const place of ['', '`region-us`.']) {
    expect(
      await engine.rows(
        `select schema_name, location from ${place}INFORMATION_SCHEMA.SCHEMATA order by 1`,
      ),
    ).toEqual([
      ['other', 'US'],
      ['shop', 'US'],
    ])
  }
})

test('TABLES and VIEWS list what a dataset holds', async () => {
  expect(
    await engine.rows(
      'select table_name, table_type from shop.INFORMATION_SCHEMA.TABLES order by 1',
    ),
  ).toEqual([
    ['ids', 'VIEW'],
    ['orders', 'BASE TABLE'],
    ['ranges', 'BASE TABLE'],
  ])
  expect(
    await engine.rows('select table_name, view_definition from shop.INFORMATION_SCHEMA.VIEWS'),
  ).toEqual([['ids', 'select id from shop.orders']])
})

test('COLUMNS tells types, partitioning, clustering and defaults', async () => {
  expect(
    await engine.rows(`
      select column_name, is_nullable, data_type, is_partitioning_column,
        clustering_ordinal_position, column_default
      from shop.INFORMATION_SCHEMA.COLUMNS where table_name = 'orders' order by ordinal_position`),
  ).toEqual([
    ['id', 'NO', 'STRING', 'NO', '1', 'NULL'],
    ['day', 'YES', 'DATE', 'YES', null, 'current_date()'],
    ['lines', 'YES', 'ARRAY<STRUCT<sku STRING, n NUMERIC(5, 2)>>', 'NO', null, 'NULL'],
  ])
})

test('COLUMN_FIELD_PATHS goes into structs', async () => {
  expect(
    await engine.rows(`
      select field_path from shop.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS
      where table_name = 'orders' order by 1`),
  ).toEqual([['day'], ['id'], ['lines'], ['lines.n'], ['lines.sku']])
})

test('TABLE_OPTIONS writes options as DDL does', async () => {
  expect(
    await engine.rows(`
      select option_name, option_type, option_value from shop.INFORMATION_SCHEMA.TABLE_OPTIONS
      order by 1`),
  ).toEqual([
    ['description', 'STRING', '"Orders"'],
    ['labels', 'ARRAY<STRUCT<STRING, STRING>>', '[STRUCT("a", "b")]'],
  ])
})

test('PARTITIONS counts the rows of each partition', async () => {
  expect(
    await engine.rows(`
      select table_name, partition_id, total_rows from shop.INFORMATION_SCHEMA.PARTITIONS
      order by 1, 2`),
  ).toEqual([
    ['orders', '20250208', '2'],
    ['orders', '__NULL__', '1'],
    ['ranges', '0', '1'],
    ['ranges', '10', '2'],
    ['ranges', '__UNPARTITIONED__', '1'],
  ])
})

test('__TABLES__ has the sizes of tables, and refuses those of views', async () => {
  await engine.run('create table other.sized (n int64); insert into other.sized values (1), (2)')
  expect(
    await engine.rows(`
      select dataset_id, table_id, row_count, size_bytes, type, creation_time <= last_modified_time
      from other.__TABLES__`),
  ).toEqual([['other', 'sized', '2', '16', '1', 'true']])
  expect(await engine.rows('select table_id from shop.__tables__ where type = 2')).toEqual([
    ['ids'],
  ])
  await expect(engine.rows('select table_id, row_count from shop.__TABLES__')).rejects.toThrow(
    '__TABLES__.row_count',
  )
  await expect(engine.rows('select 1 from shop.__TABLES_SUMMARY__')).rejects.toThrow(
    '__TABLES_SUMMARY__',
  )
})

test('ROUTINES lists functions with their bodies', async () => {
  expect(
    await engine.rows(`
      select routine_name, routine_type, data_type, routine_definition
      from shop.INFORMATION_SCHEMA.ROUTINES`),
  ).toEqual([['twice', 'FUNCTION', 'INT64', 'x * 2']])
})

test('a column that only BigQuery can fill is refused when it is read', async () => {
  expect(await engine.refusal('select ddl from shop.INFORMATION_SCHEMA.ROUTINES')).toBe(
    'not supported by the local engine: INFORMATION_SCHEMA.ROUTINES.ddl',
  )
})

test('TABLES has the statement of a table, and is refused where it is not known how one is written', async () => {
  await engine.run(`
    create schema plans;
    create table plans.days (
      id int64 not null options (description = 'the "id"'), tags array<string>,
      seen timestamp default current_timestamp(), price numeric(10, 2)
    ) partition by date(seen) cluster by id
    options (description = 'of a year', labels = [('team', 'shop')]);
    create view plans.names as select 1 as x`)
  const sql = 'select ddl from plans.INFORMATION_SCHEMA.TABLES order by table_name'

  expect(await engine.rows(sql)).toEqual([
    [
      `CREATE TABLE \`shop-events.plans.days\`
(
  id INT64 NOT NULL OPTIONS(description="the \\"id\\""),
  tags ARRAY<STRING>,
  seen TIMESTAMP DEFAULT current_timestamp(),
  price NUMERIC(10, 2)
)
PARTITION BY DATE(seen)
CLUSTER BY id
OPTIONS(
  description="of a year",
  labels=[("team", "shop")]
);`,
    ],
    ['CREATE VIEW `shop-events.plans.names`\nAS select 1 as x;'],
  ])
  await engine.run(
    'create table plans.clock (seen datetime) partition by datetime_trunc(seen, day)',
  )
  expect(await engine.refusal(sql)).toBe(
    'not supported by the local engine: INFORMATION_SCHEMA.TABLES.ddl',
  )
  await engine.run('drop schema plans cascade')
})

test('a view that is not here is refused, not called missing', async () => {
  expect(await engine.refusal('select * from shop.INFORMATION_SCHEMA.TABLE_CONSTRAINTS')).toBe(
    'not supported by the local engine: INFORMATION_SCHEMA.TABLE_CONSTRAINTS',
  )
})
