import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestBigQuery, type TestBigQuery } from '../test-bigquery.ts'

let local: TestBigQuery
beforeAll(async () => {
  local = await startTestBigQuery()
  await local.bigQuery.query({
    query:
      "create schema d; create table d.t as select 1 as id, 'US' as country union all select 2, 'EU'",
  })
})
afterAll(() => local.endpoint.stop())

type Answer = { status: number; body: Record<string, unknown> }

async function call(
  method: string,
  path: string,
  { body, token = 'any' }: { body?: unknown; token?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${local.origin}/bigquery/v2/projects/shop-events${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
}

const policies = '/datasets/d/tables/t/rowAccessPolicies'
const reference = { projectId: 'shop-events', datasetId: 'd', tableId: 't' }

function policyOf(policyId: string, filterPredicate: string, grantees: string[]) {
  return {
    rowAccessPolicyReference: { ...reference, policyId },
    filterPredicate,
    grantees,
  }
}

async function countFor(token: string): Promise<unknown> {
  const query = { query: 'select count(*) from d.t', useLegacySql: false }
  const { body } = await call('POST', '/queries', { body: query, token })
  return body.rows
}

test('policies are made, read, changed and deleted; a token that is an address says who calls', async () => {
  const { filterPredicate, ...rest } = policyOf('us', "country = 'US'", ['user:ann@shop.org'])
  const made = await call('POST', policies, { body: { filterPredicate, ...rest } })
  expect(made).toMatchObject({
    status: 200,
    body: { rowAccessPolicyReference: { ...reference, policyId: 'us' }, filterPredicate },
  })
  expect((await call('POST', policies, { body: { filterPredicate, ...rest } })).status).toBe(409)
  expect(await countFor('ann@shop.org')).toEqual([{ f: [{ v: '1' }] }])
  expect(await countFor('any')).toEqual([{ f: [{ v: '0' }] }])

  const wider = policyOf('us', 'true', ['domain:shop.org'])
  expect((await call('PUT', `${policies}/us`, { body: wider })).status).toBe(200)
  expect((await call('GET', `${policies}/us`)).body.filterPredicate).toBe('true')
  expect(await countFor('bob@shop.org')).toEqual([{ f: [{ v: '2' }] }])

  await call('POST', policies, { body: policyOf('eu', "country = 'EU'", []) })
  const { body: listed } = await call('GET', policies)
  expect(listed.rowAccessPolicies).toMatchObject([
    { rowAccessPolicyReference: { policyId: 'us' } },
    { rowAccessPolicyReference: { policyId: 'eu' } },
  ])
  expect((await call('DELETE', `${policies}/us`)).status).toBe(204)
  expect((await call('DELETE', `${policies}/us`)).status).toBe(404)
  expect((await call('DELETE', `${policies}/eu`)).status).toBe(400)
  const rest2 = { policyIds: ['eu'], force: true }
  expect((await call('POST', `${policies}:batchDelete`, { body: rest2 })).status).toBe(204)
  expect((await call('GET', policies)).body).toEqual({})
})

test('a table shows its policies to nobody, keeps them when it changes, and lists its rows to who sees all', async () => {
  const table = '/datasets/d/tables/t'
  await call('POST', policies, { body: policyOf('all', 'TRUE', ['user:ann@shop.org']) })

  expect((await call('GET', table)).body).not.toHaveProperty('rowAccessPolicies')
  const { body: updated } = await call('GET', table)
  const replaced = { schema: updated.schema, description: 'Orders.' }
  expect((await call('PUT', table, { body: replaced })).status).toBe(200)
  expect((await call('PATCH', table, { body: { description: 'Sold.' } })).status).toBe(200)
  expect(await call('GET', `${table}/data`)).toMatchObject({
    status: 403,
    body: { error: { errors: [{ reason: 'accessDenied' }] } },
  })
  const seen = await call('GET', `${table}/data`, { token: 'ann@shop.org' })
  expect(seen.body.totalRows).toBe('2')
})

test('rows are not copied, extracted or loaded over past the policies of their table', async () => {
  const destinationTable = { ...reference, tableId: 'copied' }
  const jobs = [
    { copy: { sourceTable: reference, destinationTable } },
    { extract: { sourceTable: reference, destinationUri: 'gs://b/o.csv' } },
    {
      query: {
        query: 'select 1 as id',
        useLegacySql: false,
        destinationTable: reference,
        writeDisposition: 'WRITE_TRUNCATE',
      },
    },
  ]
  for (const configuration of jobs) {
    const { body } = await call('POST', '/jobs', { body: { configuration } })
    const { jobId } = body.jobReference as { jobId: string }
    await call('GET', `/queries/${jobId}`)
    const { body: job } = await call('GET', `/jobs/${jobId}`)
    expect(JSON.stringify(job.status)).toContain('which has row access policies')
  }
})
