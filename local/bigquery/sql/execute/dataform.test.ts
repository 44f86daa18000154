import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from './test-engine.ts'

// The statements that the Dataform CLI writes around a model's query.

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
})
afterAll(() => engine.close())
beforeEach(async () => {
  await engine.run(`
    drop schema if exists events cascade;
    create schema if not exists \`shop-events.events\`;
    create table events.raw (id string, status string, day date);
    insert into events.raw values ('a', 'new', '2025-02-07'), ('b', 'new', '2025-02-08')`)
})

const query = '\n\nselect id, status, day as event_date from `shop-events.events.raw`\n'
const all = 'select id, status, event_date from `shop-events.events.orders` order by id, status'

async function createOrders(): Promise<void> {
  await engine.run(
    'create or replace table `shop-events.events.orders` partition by event_date ' +
      'cluster by id, status OPTIONS(partition_expiration_days=40000,require_partition_filter=false)' +
      `as ${query}`,
  )
}

test('a table with options and a statement after it', async () => {
  await engine.run('create table events.audit (name string, loaded_at timestamp)')
  await createOrders()

  const result = await engine.run(
    `create or replace table \`shop-events.events.orders\` partition by event_date as ${query};
insert into \`shop-events.events.audit\` (name, loaded_at) values ('orders', current_timestamp())`,
  )

  expect(result.statementType).toBe('SCRIPT')
  expect(await engine.rows('select name, loaded_at from events.audit')).toEqual([
    ['orders', '1739020140000000'],
  ])
})

test('a materialized view', async () => {
  await engine.run(
    'create or replace materialized view `shop-events.events.by_day` partition by event_date ' +
      'OPTIONS(enable_refresh=true,refresh_interval_minutes=30)as ' +
      'select day as event_date, count(*) as n from events.raw group by day',
  )

  expect(await engine.rows('select event_date, n from events.by_day order by 1')).toEqual([
    ['2025-02-07', '1'],
    ['2025-02-08', '1'],
  ])
})

test('a kind that changed', async () => {
  await engine.run(`create or replace view \`shop-events.events.orders\` as ${query}`)

  await engine.run(
    `drop view if exists \`shop-events.events.orders\`;
create or replace table \`shop-events.events.orders\` cluster by id OPTIONS(description="Orders")as ${query}`,
  )

  expect(await engine.rows(all)).toHaveLength(2)
})

test('an incremental run: variables, then a MERGE over a window of partitions', async () => {
  await createOrders()
  await engine.run("update events.raw set status = 'paid' where id = 'b'")
  await engine.run("insert into events.raw values ('c', 'new', '2025-02-08')")

  const result = await engine.run(`declare checkpoint default (
    select max(event_date) from \`shop-events.events.orders\` where event_date >= date_sub(current_date(), interval 3 day)
  );
merge \`shop-events.events.orders\` DATAFORM_DEST
using (
${query} where day >= checkpoint
) DATAFORM_SOURCE
on DATAFORM_DEST.id = DATAFORM_SOURCE.id 
 and (DATAFORM_DEST.event_date >= date_sub(current_date(), interval 3 day)) and (DATAFORM_DEST.event_date <= current_date())
when matched then
  update set \`id\` = DATAFORM_SOURCE.id,\`status\` = DATAFORM_SOURCE.status,\`event_date\` = DATAFORM_SOURCE.event_date
when not matched then
  insert (\`id\`,\`status\`,\`event_date\`) values (\`id\`,\`status\`,\`event_date\`)`)

  expect(result.children?.at(-1)?.dmlStats).toMatchObject({
    insertedRowCount: 1n,
    updatedRowCount: 1n,
  })
  expect(await engine.rows(all)).toEqual([
    ['a', 'new', '2025-02-07'],
    ['b', 'paid', '2025-02-08'],
    ['c', 'new', '2025-02-08'],
  ])
})

test('an incremental run without a key', async () => {
  await createOrders()

  await engine.run(
    'insert into `shop-events.events.orders`\t\n(`id`,`status`,`event_date`)\t\n' +
      `select \`id\`,\`status\`,\`event_date\`\t\nfrom (${query}\n) as insertions`,
  )

  expect(await engine.rows(all)).toHaveLength(4)
})

test('partitions that are overwritten', async () => {
  await createOrders()
  await engine.run("update events.raw set status = 'paid' where id = 'b'")

  await engine.run(`CREATE OR REPLACE TEMP TABLE \`staging_table_temp_kvr83fxmism\` AS (
  ${query} where day = '2025-02-08'
);
BEGIN
  DECLARE partitions_for_replacement DEFAULT (
    ARRAY(
      SELECT DISTINCT event_date
      FROM \`staging_table_temp_kvr83fxmism\`
      WHERE event_date IS NOT NULL
    )
  );
  MERGE \`shop-events.events.orders\` DATAFORM_DEST
  USING \`staging_table_temp_kvr83fxmism\` DATAFORM_SOURCE
  ON FALSE
  WHEN NOT MATCHED BY SOURCE AND event_date IN UNNEST(partitions_for_replacement) 
  THEN
    DELETE
  WHEN NOT MATCHED BY TARGET THEN
    INSERT (\`id\`,\`status\`,\`event_date\`) VALUES (\`id\`,\`status\`,\`event_date\`);
END;
DROP TABLE IF EXISTS \`staging_table_temp_kvr83fxmism\`;`)

  expect(await engine.rows(all)).toEqual([
    ['a', 'new', '2025-02-07'],
    ['b', 'paid', '2025-02-08'],
  ])
})

test('an assertion: its view and the count of its rows, NULL when it holds', async () => {
  await engine.run(`create or replace view \`shop-events.events.no_duplicates\` as 
SELECT
  *
FROM (
  SELECT
    id, status,
    COUNT(1) AS index_row_count
  FROM \`shop-events.events.raw\`
  GROUP BY id, status
  ) AS data
WHERE index_row_count > 1`)

  expect(
    await engine.rows('\nselect sum(1) as row_count from `shop-events.events.no_duplicates`\n'),
  ).toEqual([[null]])
})

test('a schema that changes through a procedure', async () => {
  await createOrders()
  await engine.run(`CREATE OR REPLACE PROCEDURE \`shop-events.events.df_osc\`()
OPTIONS(strict_mode=false)
BEGIN
DECLARE dataform_columns ARRAY<STRING>;
DECLARE columns_added ARRAY<STRUCT<column_name STRING, data_type STRING>>;
CREATE OR REPLACE TABLE \`shop-events.events.orders_df_temp_empty\` AS (
  SELECT * FROM (select id, status, day as event_date, 1.5 as price from events.raw) AS insertions LIMIT 0
);
SET dataform_columns = (
  SELECT IFNULL(ARRAY_AGG(DISTINCT column_name), [])
  FROM \`shop-events.events.INFORMATION_SCHEMA.COLUMNS\`
  WHERE table_name = 'orders'
);
SET columns_added = (
  SELECT IFNULL(ARRAY_AGG(STRUCT(column_name, data_type)), [])
  FROM \`shop-events.events.INFORMATION_SCHEMA.COLUMNS\`
  WHERE table_name = 'orders_df_temp_empty' AND column_name NOT IN UNNEST(dataform_columns)
);
IF ARRAY_LENGTH(columns_added) > 0 THEN
  EXECUTE IMMEDIATE (
    "ALTER TABLE \`shop-events.events.orders\` " ||
    (
      SELECT STRING_AGG(FORMAT("ADD COLUMN IF NOT EXISTS %s %s", column_info.column_name, column_info.data_type), ", ")
      FROM UNNEST(columns_added) AS column_info
    )
  );
END IF;
DROP TABLE IF EXISTS \`shop-events.events.orders_df_temp_empty\`;
END;
BEGIN
  CALL \`shop-events.events.df_osc\`();
EXCEPTION WHEN ERROR THEN
  DROP TABLE IF EXISTS \`shop-events.events.orders_df_temp_empty\`;
  DROP PROCEDURE IF EXISTS \`shop-events.events.df_osc\`;
  RAISE;
END;
DROP PROCEDURE IF EXISTS \`shop-events.events.df_osc\``)

  expect(await engine.rows('select id, price from events.orders order by id')).toEqual([
    ['a', null],
    ['b', null],
  ])
})

test('thirty statements at once answer as they would one by one', async () => {
  const names = Array.from({ length: 10 }, (_, index) => index)

  const results = await Promise.all([
    ...names.map((n) => engine.rows(`select ${n} as n, count(*) from events.raw`)),
    ...names.map((n) => engine.run(`create or replace table events.t${n} as select ${n} as n`)),
    ...names.map((n) => engine.run(`insert into events.raw values ('x${n}', 'new', '2025-02-08')`)),
  ])

  expect(results).toHaveLength(30)
  expect(await engine.rows('select count(*), count(distinct id) from events.raw')).toEqual([
    ['12', '12'],
  ])
  expect(
    await engine.rows('select _TABLE_SUFFIX, n from `shop-events.events.t*` order by n'),
  ).toEqual(names.map((n) => [String(n), String(n)]))
})
