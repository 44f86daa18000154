import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestEngine, type TestEngine } from '../test-engine.ts'

let engine: TestEngine
beforeAll(async () => {
  engine = await startTestEngine()
})
afterAll(() => engine.close())

beforeEach(async () => {
  await engine.run(`
    drop schema if exists d cascade; create schema d;
    create table d.orders as
      select 1 as id, 'US' as country, 'ann@shop.org' as seller
      union all select 2, 'EU', 'bob@shop.org'
      union all select 3, 'JP', 'ann@shop.org'
      union all select 4, null, null`)
})

const refused = 'not supported by the local engine: '

function policy(name: string, grantees: string, filter: string): Promise<unknown> {
  const grant = grantees && `grant to (${grantees}) `
  return engine.run(`create row access policy ${name} on d.orders ${grant}filter using (${filter})`)
}

async function idsFor(caller: string, query = 'select id from d.orders'): Promise<string> {
  const rows = await engine.rows(query, { caller })
  return rows.flat().toSorted().join()
}

describe('who sees which rows', () => {
  test('everybody sees all without policies, and only what is granted with them', async () => {
    expect(await idsFor('ann@shop.org')).toBe('1,2,3,4')
    await policy('us', "'user:ann@shop.org'", "country = 'US'")

    expect(await idsFor('ann@shop.org')).toBe('1')
    expect(await idsFor('ANN@Shop.org')).toBe('1')
    expect(await idsFor('bob@shop.org')).toBe('')
    expect(await engine.rows('select count(*) from d.orders')).toEqual([['0']])
  })

  test('of several policies each adds rows', async () => {
    await policy('us', "'user:ann@shop.org', 'serviceAccount:bob@shop.org'", "country = 'US'")
    await policy('eu', "'domain:shop.org'", "country = 'EU'")
    await policy('jp', "'user:cy@shop.org'", "country = 'JP' -- only\n")

    expect(await idsFor('ann@shop.org')).toBe('1,2')
    expect(await idsFor('bob@shop.org')).toBe('1,2')
    expect(await idsFor('cy@shop.org')).toBe('2,3')
    expect(await idsFor('cy@sub.shop.org')).toBe('')
    await policy('all_rows', "'user:ann@shop.org'", 'TRUE')
    expect(await idsFor('ann@shop.org')).toBe('1,2,3,4')
  })

  test('a condition may ask for the caller, and a policy may be for nobody', async () => {
    await policy('nobody', '', 'true')
    expect(await idsFor('ann@shop.org')).toBe('')
    await policy('own', "'allAuthenticatedUsers'", 'seller = session_user()')

    expect(await idsFor('ann@shop.org')).toBe('1,3')
    expect(await idsFor('bob@shop.org')).toBe('2')
    expect(await engine.rows('select session_user()')).toEqual([['local@localhost']])
  })

  test('views, joins, subqueries and tables made of a query read the same rows', async () => {
    await engine.run('create view d.seen as select * from d.orders')
    await policy('own', "'allUsers'", 'seller = session_user()')
    const caller = 'ann@shop.org'
    const joined = 'select a.id from d.orders as a join d.orders as b on a.id < b.id + 2'
    const nested = 'select id from d.orders where id = (select max(id) from d.orders)'

    expect(await idsFor(caller, 'select id from d.seen')).toBe('1,3')
    expect(await idsFor(caller, joined)).toBe('1,1,3')
    expect(await idsFor(caller, nested)).toBe('3')
    await engine.run('create table d.copied as select * from d.orders', { caller })
    expect(await idsFor('cy@shop.org', 'select id from d.copied')).toBe('1,3')
  })
})

describe('the policies of a table', () => {
  test('are made, kept, replaced and dropped', async () => {
    await policy('us', "'allUsers'", "country = 'US'")
    expect(
      await engine.refusal('create row access policy us on d.orders filter using (true)'),
    ).toBe('Already Exists: Row access policy shop-events:d.orders.us')
    const skipped = await engine.run(
      'create row access policy if not exists us on d.orders filter using (true)',
    )
    expect(skipped).toMatchObject({
      statementType: 'CREATE_ROW_ACCESS_POLICY',
      ddlOperationPerformed: 'SKIP',
      ddlTargetRowAccessPolicy: { tableId: 'orders', policyId: 'us' },
    })
    await engine.run(
      "create or replace row access policy us on d.orders grant to ('allUsers') filter using (id > 2)",
    )
    expect(await idsFor('x@y')).toBe('3,4')

    expect(await engine.refusal('drop row access policy us on d.orders')).toContain(
      'only DROP ALL ROW ACCESS POLICIES can drop it',
    )
    await policy('other', "'allUsers'", 'id = 1')
    await engine.run('drop row access policy us on d.orders')
    expect(await idsFor('x@y')).toBe('1')
    expect(await engine.refusal('drop row access policy us on d.orders')).toBe(
      'Not found: Row access policy shop-events:d.orders.us',
    )
    await engine.run('drop row access policy if exists us on d.orders')
    const dropped = await engine.run('drop all row access policies on d.orders')
    expect(dropped.ddlAffectedRowAccessPolicyCount).toBe(1n)
    expect(await idsFor('x@y')).toBe('1,2,3,4')
  })

  test('go with the table to its new name, and are gone with it', async () => {
    await policy('us', "'allUsers'", "country = 'US'")
    await engine.run('alter table d.orders rename to sold')
    expect(await idsFor('x@y', 'select id from d.sold')).toBe('1')
    await engine.run('drop table d.sold; create table d.sold as select 5 as id')
    expect(await idsFor('x@y', 'select id from d.sold')).toBe('5')
  })

  test('are in no view of the information schema, as in BigQuery', async () => {
    expect(await engine.refusal('select * from d.INFORMATION_SCHEMA.ROW_ACCESS_POLICIES')).toBe(
      'Not found: Table shop-events:d.INFORMATION_SCHEMA.ROW_ACCESS_POLICIES was not found in location US',
    )
  })

  test('survive the end of the process', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'row-access-'))
    const path = join(folder, 'local.duckdb')
    const first = await startTestEngine(path)
    await first.run('create schema d; create table d.t as select 1 as id union all select 2')
    await first.run("create row access policy p on d.t grant to ('allUsers') filter using (id = 2)")
    await first.close()
    const second = await startTestEngine(path)
    expect(await second.rows('select id from d.t')).toEqual([['2']])
    await second.close()
    await rm(folder, { recursive: true })
  })

  test.each([
    ["'group:a@b.c'", 'true', 'row access policies for group:a@b.c'],
    ["'allUsers'", 'id in (select 1)', 'row access policies with a subquery'],
  ])('are refused where the answer is not sure: %s, %s', async (grantees, filter, what) => {
    const sql = `create row access policy p on d.orders grant to (${grantees}) filter using (${filter})`

    expect(await engine.refusal(sql)).toBe(refused + what)
  })
})

describe('what is no query of a table with policies', () => {
  test.each([
    'insert into d.orders (id) values (5)',
    'update d.orders set id = 9 where id = 1',
    'delete from d.orders where true',
    'merge d.orders using (select 1 as x) on id = x when matched then delete',
    'truncate table d.orders',
  ])('is a change, for those who may see all rows: %s', async (sql) => {
    await policy('us', "'allUsers'", "country = 'US'")
    expect(await engine.refusal(sql)).toContain('by one who may not see all rows')
    await policy('all_rows', "'user:ann@shop.org'", 'true')

    const { dmlStats } = await engine.run(sql, { caller: 'ann@shop.org' })
    expect(Object.values(dmlStats ?? {}).some((count) => count > 0n)).toBe(true)
    expect((await engine.run('drop all row access policies on d.orders')).statementType).toBe(
      'DROP_ROW_ACCESS_POLICY',
    )
  })

  test.each([
    'create or replace table d.orders as select 1 as id',
    'create table d.other clone d.orders',
    'create table d.other copy d.orders',
    'create snapshot table d.other clone d.orders',
    'select * from d.orders for system_time as of timestamp_sub(current_timestamp(), interval 1 second)',
    'select * from `d.order*`',
    'alter table d.orders drop column country',
    'alter table d.orders rename column country to land',
  ])('is refused: %s', async (sql) => {
    await policy('all_rows', "'allUsers'", 'true')

    expect(await engine.refusal(sql)).toMatch(/^not supported by the local engine: .*row access/)
  })

  test('a materialized view over it is refused', async () => {
    await engine.run('create materialized view d.m as select id from d.orders')
    await policy('all_rows', "'allUsers'", 'true')

    expect(await engine.refusal('select * from d.m')).toContain('a materialized view of')
  })
})
