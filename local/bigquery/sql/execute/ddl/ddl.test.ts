import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from '../test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
})
afterAll(() => engine.close())
beforeEach(async () => {
  await engine.run('drop schema if exists shop cascade; create schema shop')
})

const orders = { projectId: 'shop-events', datasetId: 'shop', tableId: 'orders' }

test('a table keeps all that its definition says', async () => {
  await engine.run(`
    create table shop.orders (
      id string not null options (description = 'The key.'),
      placed_at timestamp default current_timestamp() not null,
      amount numeric(10, 2),
      lines array<struct<sku string not null, tags array<string>>>
    )
    partition by timestamp_trunc(placed_at, hour) cluster by id
    options (
      description = 'Orders.', labels = [('team', 'shop')],
      partition_expiration_days = 1.5, require_partition_filter = true
    )`)

  expect(engine.catalog.current.table(orders)).toMatchObject({
    type: 'TABLE',
    description: 'Orders.',
    labels: { team: 'shop' },
    timePartitioning: { type: 'HOUR', field: 'placed_at', expirationMs: '129600000' },
    clustering: { fields: ['id'] },
    requirePartitionFilter: true,
    schema: {
      fields: [
        { name: 'id', type: 'STRING', mode: 'REQUIRED', description: 'The key.' },
        {
          name: 'placed_at',
          type: 'TIMESTAMP',
          mode: 'REQUIRED',
          defaultValueExpression: 'current_timestamp()',
        },
        { name: 'amount', type: 'NUMERIC', precision: '10', scale: '2' },
        {
          name: 'lines',
          type: 'RECORD',
          mode: 'REPEATED',
          fields: [
            { name: 'sku', type: 'STRING', mode: 'REQUIRED' },
            { name: 'tags', type: 'STRING', mode: 'REPEATED' },
          ],
        },
      ],
    },
  })
})

test.each([
  ['partition by day', 'DAY', 'date(t)'],
  ['partition by month', 'MONTH', 'timestamp_trunc(t, month)'],
  ['partition by ingestion', 'DAY', '_PARTITIONDATE'],
])('%s', async (_, type, expression) => {
  await engine.run(`create table shop.orders (t timestamp) partition by ${expression}`)

  expect(engine.catalog.current.table(orders)?.timePartitioning?.type).toBe(type)
})

test('a statement says what it did', async () => {
  const operations: (string | undefined)[] = []
  for (const sql of [
    'create table shop.orders (id string)',
    'create table if not exists shop.orders (other int64)',
    'create or replace table shop.orders (id int64)',
    'drop table shop.orders',
    'drop table if exists shop.orders',
  ]) {
    operations.push((await engine.run(sql)).ddlOperationPerformed)
  }

  expect(operations).toEqual(['CREATE', 'SKIP', 'REPLACE', 'DROP', 'SKIP'])
})

test('CREATE TABLE AS SELECT takes names and types from its query', async () => {
  await engine.run(`create table shop.orders as
    select 1 as id, cast(null as array<string>) as tags, struct('x' as sku) as line`)

  expect(await engine.rows('select * from shop.orders')).toEqual([['1', [], ['x']]])
  expect(engine.catalog.current.table(orders)?.schema.fields.map(({ type }) => type)).toEqual([
    'INTEGER',
    'STRING',
    'RECORD',
  ])
})

test('a replaced table that reads itself is read before it goes', async () => {
  await engine.run('create table shop.orders as select 1 as id')

  await engine.run('create or replace table shop.orders as select id + 1 as id from shop.orders')

  expect(await engine.rows('select id from shop.orders')).toEqual([['2']])
})

test('a view shows its table as it is now, under the names that it was given', async () => {
  await engine.run('create table shop.orders as select 1 as id')
  await engine.run('create view shop.ids (order_id) as select id from shop.orders')
  await engine.run('insert into shop.orders values (2)')

  expect(await engine.rows('select order_id from shop.ids order by 1')).toEqual([['1'], ['2']])
})

test('a view is checked when it is made', async () => {
  expect(await engine.refusal('create view shop.ids as select nothing from shop.orders')).toBe(
    'Not found: Table shop-events:shop.orders was not found in location US',
  )
})

test('a table and a view do not take each other’s place', async () => {
  await engine.run('create table shop.orders (id int64)')

  const message =
    'shop-events:shop.orders is not allowed for this operation because it is currently a TABLE.'
  expect(await engine.refusal('create or replace view shop.orders as select 1 as x')).toBe(message)
  expect(await engine.refusal('drop view shop.orders')).toBe(message)
})

test('columns are added, renamed, widened and dropped, and the rows stay', async () => {
  await engine.run("create table shop.orders as select 1 as id, 'a' as name")

  await engine.run(
    'alter table shop.orders add column tags array<string>, add column placed timestamp',
  )
  await engine.run('alter table shop.orders alter column id set data type numeric')
  await engine.run('alter table shop.orders rename column name to title')
  await engine.run('alter table shop.orders drop column placed')

  expect(await engine.rows('select * from shop.orders')).toEqual([['1', 'a', []]])
})

test('a column’s type is only ever widened', async () => {
  await engine.run('create table shop.orders (id string)')

  expect(
    await engine.refusal('alter table shop.orders alter column id set data type int64'),
  ).toContain('is assignable to the new type (INT64)')
})

function setType(column: string, type: string): string {
  return `alter table shop.orders alter column ${column} set data type ${type}`
}

test('the parameters of a column’s type are widened and taken away', async () => {
  const types = (): unknown =>
    engine.catalog.current
      .table(orders)
      ?.schema.fields.map(({ maxLength, precision, scale }) => [maxLength, precision, scale])
  await engine.run('create table shop.orders (id string(5), price numeric(5, 2))')

  await engine.run(setType('id', 'string(10)'))
  await engine.run(setType('price', 'numeric(8, 3)'))
  expect(types()).toEqual([
    ['10', undefined, undefined],
    [undefined, '8', '3'],
  ])
  expect(await engine.refusal(setType('id', 'string(9)'))).toContain(
    'the existing column type (STRING(10)) is assignable to the new type (STRING(9))',
  )
  expect(await engine.refusal(setType('price', 'numeric(9, 5)'))).toContain('(NUMERIC(8, 3))')
  await engine.run(setType('id', 'string'))
  await engine.run(setType('price', 'bignumeric'))
  expect(types()).toEqual([
    [undefined, undefined, undefined],
    [undefined, undefined, undefined],
  ])
  await engine.run("insert shop.orders values ('longer than ten', 123456.789)")
})

test('options of a table are set and taken away', async () => {
  await engine.run("create table shop.orders (id int64) options (description = 'old')")

  await engine.run("alter table shop.orders set options (friendly_name = 'Orders')")
  await engine.run('alter table shop.orders set options (description = null)')

  const table = engine.catalog.current.table(orders)
  expect(table).toMatchObject({ friendlyName: 'Orders' })
  expect(table).not.toHaveProperty('description')
})

test('a primary key is kept, and rows are not held to it', async () => {
  const constraints = (): unknown => engine.catalog.current.table(orders)?.tableConstraints
  await engine.run(
    'create table shop.orders (id int64, line int64, primary key (id, line) not enforced)',
  )
  await engine.run('insert shop.orders values (1, 1), (1, 1)')

  expect(await engine.rows('select count(*) from shop.orders')).toEqual([['2']])
  expect(constraints()).toEqual({ primaryKey: { columns: ['id', 'line'] } })
  expect(await engine.refusal('alter table shop.orders drop column line')).toBe(
    'not supported by the local engine: DROP COLUMN of a table with constraints',
  )
  await engine.run('alter table shop.orders drop primary key')
  expect(constraints()).toBeUndefined()
  await engine.run('alter table shop.orders add primary key (line) not enforced')
  expect(constraints()).toEqual({ primaryKey: { columns: ['line'] } })
  expect(await engine.refusal('create table shop.x (id int64 primary key)')).toBe(
    'not supported by the local engine: PRIMARY KEY without NOT ENFORCED',
  )
})

test('foreign keys are kept, and rows are not held to them', async () => {
  const constraints = (): unknown => engine.catalog.current.table(orders)?.tableConstraints
  const foreignKey = {
    referencedTable: { projectId: 'shop-events', datasetId: 'shop', tableId: 'buyers' },
    columnReferences: [{ referencingColumn: 'buyer', referencedColumn: 'id' }],
  }
  await engine.run(`
    create table shop.buyers (name string, id int64 primary key not enforced);
    create table shop.orders (id int64, buyer int64 references shop.buyers(id) not enforced);
    insert shop.orders values (1, 404)`)
  expect(constraints()).toEqual({ foreignKeys: [foreignKey] })

  await engine.run(
    'alter table shop.orders add primary key (id) not enforced, ' +
      'add constraint who foreign key (buyer) references shop.buyers(id) not enforced',
  )
  await engine.run('alter table shop.orders drop primary key')
  expect(constraints()).toEqual({ foreignKeys: [foreignKey, { name: 'who', ...foreignKey }] })
  await engine.run('alter table shop.orders drop constraint who')
  expect(constraints()).toEqual({ foreignKeys: [foreignKey] })

  expect(await engine.refusal('alter table shop.orders drop constraint who')).toBe(
    'Constraint not found: who',
  )
  expect(
    await engine.refusal(
      'create table shop.x (n string references shop.buyers(name) not enforced)',
    ),
  ).toContain('A foreign key must reference the primary key of shop-events:shop.buyers, (id)')
})

test.each([
  ['(day timestamp) partition by day', /^PARTITION BY expression must be DATE\(/],
  ['(n int64) partition by n', /^PARTITION BY expression must be DATE\(/],
  ['(n int64) partition by range_bucket(n, generate_array(0, 100, 0))', / makes 0$/],
  ['(n int64) partition by range_bucket(n, generate_array(0, 100001, 10))', / makes 10001$/],
  ['(n int64) cluster by n, N', /^Duplicate clustering column n\.$/],
])('a table is not made of %s', async (definition, message) => {
  expect(await engine.refusal(`create table shop.wrong ${definition}`)).toMatch(message)
})

test('names that BigQuery does not take are refused', async () => {
  expect(await engine.refusal('create table shop.`t$20250101` (id int64)')).toContain(
    'Invalid table ID "t$20250101". Table IDs must be alphanumeric (plus underscores)',
  )
  expect(await engine.refusal('create schema `the shop`')).toContain(
    'Invalid dataset ID "the shop". Dataset IDs must be alphanumeric',
  )
  await engine.run('create table shop.`Bestände - März` (id int64)')
  expect(await engine.refusal('create schema s options (max_time_travel_hours = 50)')).toContain(
    'Invalid value for maxTimeTravelHours: 50.',
  )
})

test('a wildcard has the columns of the newest table', async () => {
  await engine.run('create table shop.day_1 as select 1 as n, "gone" as old')
  engine.time.now += 1
  await engine.run('create table shop.day_2 as select 2.5 as price, 2 as n, ["a"] as tags')

  expect(await engine.rows('select *, _TABLE_SUFFIX from `shop.day_*` order by n')).toEqual([
    [null, '1', [], '1'],
    ['2.5', '2', ['a'], '2'],
  ])
  engine.time.now += 1
  await engine.run('create table shop.day_3 as select "3" as n')
  expect(await engine.rows('select count(*) from `shop.day_*`')).toEqual([['3']])
  expect(await engine.refusal('select n from `shop.day_*`')).toBe(
    'not supported by the local engine: wildcard tables whose column n has different types (day_*)',
  )
  expect(await engine.refusal('select * from `shop.night_*`')).toBe(
    'shop-events:shop.night_* does not match any table.',
  )
  expect(await engine.refusal('select * from `shop.day_1$20250101`')).toBe(
    'Table "shop-events.shop.day_1$20250101" cannot include decorator',
  )
})

test('a materialized view is incremental, or says that it is not', async () => {
  await engine.run('create table shop.orders (id int64, day date)')
  const ranked = 'select id, row_number() over (order by day) as n from shop.orders'
  for (const query of [
    ranked,
    'select id from shop.orders order by id limit 5',
    'select id from shop.orders where day < current_date()',
    'select a.id from shop.orders as a full join shop.orders as b using (id)',
    'select 1 as n',
  ]) {
    expect(await engine.refusal(`create materialized view shop.m as ${query}`)).toMatch(
      /^A materialized view (with|of) .* is not incremental/,
    )
  }
  await engine.run(
    `create materialized view shop.m options (allow_non_incremental_definition = true,
     max_staleness = interval 4 hour) as ${ranked}`,
  )
  await engine.run("call bq.refresh_materialized_view('shop-events.shop.m')")
  expect(
    await engine.refusal("call bq.refresh_materialized_view('shop-events.shop.orders')"),
  ).toContain('it is currently a TABLE')
})

test('a misspelt option is an error', async () => {
  expect(
    await engine.refusal('create table shop.t (id int64) options (descripton = "x")'),
  ).toContain('Unknown option: descripton')
})

test.each(['copy', 'clone'])('a table that becomes a %s of itself keeps its rows', async (word) => {
  await engine.run(
    'create schema if not exists shop; create or replace table shop.self as select 1 as x',
  )
  await engine.run(`create or replace table shop.self ${word} shop.self`)

  expect(await engine.rows('select x from shop.self')).toEqual([['1']])
})

test('a snapshot and a clone keep the rows of their moment', async () => {
  await engine.run('create table shop.orders as select 1 as id')
  await engine.run('create snapshot table shop.before clone shop.orders')
  await engine.run('create table shop.copied clone shop.orders')
  await engine.run('delete from shop.orders where true')

  expect(await engine.rows('select * from shop.before')).toEqual([['1']])
  expect(await engine.rows('select * from shop.copied')).toEqual([['1']])
  expect(await engine.refusal('delete from shop.before where true')).toContain('a SNAPSHOT')
})

test('names that differ only in case are refused, not mixed up', async () => {
  await engine.run('create table shop.orders (id int64)')

  expect(await engine.refusal('create table shop.Orders (id int64)')).toContain(
    'not supported by the local engine: tables whose names differ only in case',
  )
})

test('a dry run changes nothing and says what would be', async () => {
  const { ddlOperationPerformed } = await engine.run('create table shop.orders as select 1 as id', {
    dryRun: true,
  })

  expect(ddlOperationPerformed).toBe('CREATE')
  expect(engine.catalog.current.table(orders)).toBeUndefined()
})

test('columns hold ranges and intervals, and scripts do', async () => {
  await engine.run(`
    create schema if not exists shop;
    create or replace table shop.bookings (
      guest string, stay range<date>, notice interval, others array<range<date>>);
    insert into shop.bookings values
      ('a', range<date> '[2024-01-01, 2024-01-03)', interval 36 hour, [range<date> '[2024-01-01, unbounded)']),
      ('b', null, null, null)`)

  expect(await engine.rows('select * from shop.bookings order by stay desc')).toEqual([
    ['a', '[2024-01-01, 2024-01-03)', '0-0 0 36:0:0', ['[2024-01-01, UNBOUNDED)']],
    ['b', null, null, []],
  ])
  expect(
    await engine.rows(`
      declare r range<date> default (select max_by(stay, guest) from shop.bookings where guest = 'a');
      declare i interval default interval '-1-2 3 -4:5:6.789' year to second;
      select range_contains(r, date '2024-01-02'), range_contains(r, r), cast(r as string), i`),
  ).toEqual([['true', 'true', '[2024-01-01, 2024-01-03)', '-1-2 3 -4:5:6.789']])
  expect(await engine.refusal('select max(stay) from shop.bookings')).toContain('MAX(RANGE)')
  expect(
    await engine.refusal("select stay < range(date '2024-01-01', null) from shop.bookings"),
  ).toContain('the order of ranges')
})

test('another way of rounding is refused, for a table and for a column', async () => {
  const mode = "'ROUND_HALF_EVEN'"
  const column = `create table shop.halves (n numeric(5, 2) options (rounding_mode = ${mode}))`
  const table = `create table shop.halves (n int64) options (default_rounding_mode = ${mode})`
  for (const sql of [column, table]) {
    expect(await engine.refusal(sql)).toBe(
      'not supported by the local engine: the rounding mode ROUND_HALF_EVEN',
    )
  }
})

test.each(['copy', 'clone'])(
  'a table that is made again by %s of itself keeps its rows',
  async (how) => {
    await engine.run('create or replace table shop.again as select n from unnest([1, 2]) n')
    await engine.run(`create or replace table shop.again ${how} shop.again`)

    expect(await engine.rows('select n from shop.again order by n')).toEqual([['1'], ['2']])
  },
)
