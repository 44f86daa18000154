import type { Dataset, Table } from '@google-cloud/bigquery'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { refusal, startTestBigQuery, type TestBigQuery } from '../test-bigquery.ts'

let local: TestBigQuery
let dataset: Dataset
let table: Table
let count = 0

beforeAll(async () => {
  local = await startTestBigQuery()
  ;[dataset] = await local.bigQuery.createDataset('raw')
})
afterAll(() => local.endpoint.stop())

beforeEach(async () => {
  count += 1
  ;[table] = await dataset.createTable(`events_${count}`, {
    schema: [
      { name: 'id', type: 'STRING', mode: 'REQUIRED' },
      { name: 'n', type: 'INTEGER' },
      { name: 'payload', type: 'JSON' },
      {
        name: 'at',
        type: 'TIMESTAMP',
        mode: 'REQUIRED',
        defaultValueExpression: 'current_timestamp()',
      },
      { name: 'token', type: 'STRING', defaultValueExpression: 'generate_uuid()' },
      {
        name: 'errors',
        type: 'RECORD',
        mode: 'REPEATED',
        fields: [{ name: 'code', type: 'STRING' }],
      },
    ],
  })
})

type InsertAnswer = { insertErrors?: unknown[]; error?: { message: string } }
type Row = { insertId?: string; json: Record<string, unknown> }

async function insertAll(rows: Row[], options: Record<string, unknown> = {}) {
  const path = `/projects/shop-events/datasets/raw/tables/${table.id}/insertAll`
  const response = await fetch(local.origin + path, {
    method: 'POST',
    body: JSON.stringify({ rows, ...options }),
  })
  return { status: response.status, body: (await response.json()) as InsertAnswer }
}

async function ids(): Promise<string[]> {
  const [rows] = await table.getRows({ selectedFields: 'id' })
  return rows.map(({ id }) => id)
}

test('values keep their digits, and JSON its numbers', async () => {
  await table.insert([
    { id: 'a', n: '9007199254740993', payload: '{"b":1.0,"a":123456789012345678}' },
  ])

  const [[row]] = await table.getRows({ wrapIntegers: true })
  expect(row).toMatchObject({
    n: { value: '9007199254740993' },
    payload: '{"a":123456789012345678,"b":1.0}',
    errors: [],
  })
})

test('columns that a row does not name take their default', async () => {
  const before = Date.now()
  await insertAll([{ json: { id: 'a' } }, { json: { id: 'b' } }])

  const [[a, b]] = await table.getRows()
  expect(new Date(a.at.value).getTime()).toBeGreaterThanOrEqual(before)
  expect(a.token).toMatch(/^[0-9a-f-]{36}$/)
  expect(b.token).not.toBe(a.token)
})

test('one bad row refuses all, and each is told why', async () => {
  const { status, body } = await insertAll([
    { json: { id: 'good' } },
    { json: { id: 'bad', n: 'many' } },
    { json: {} },
  ])

  expect(status).toBe(200)
  expect(body.insertErrors).toEqual([
    { index: 0, errors: [{ reason: 'stopped', location: '', debugInfo: '', message: '' }] },
    {
      index: 1,
      errors: [
        {
          reason: 'invalid',
          location: 'n',
          debugInfo: '',
          message: 'Cannot convert value to integer (bad value): many',
        },
      ],
    },
    { index: 2, errors: [expect.objectContaining({ message: 'Missing required field: id.' })] },
  ])
  const wrongTime = await insertAll([{ json: { id: 'a', at: 'soon' } }])
  expect(wrongTime.body.insertErrors).toMatchObject([{ errors: [{ location: 'at' }] }])
  expect(await ids()).toEqual([])
})

test('skipInvalidRows lands the others', async () => {
  const rows = [{ json: { id: 'a' } }, { json: { id: 'b', payload: '{' } }, { json: { id: 'c' } }]
  const { body } = await insertAll(rows, { skipInvalidRows: true })

  expect(body.insertErrors).toMatchObject([{ index: 1, errors: [{ location: 'payload' }] }])
  expect(await ids()).toEqual(['a', 'c'])
})

test('unknown fields are errors unless they are to be ignored', async () => {
  const row = { json: { id: 'a', nope: 1 } }

  expect((await insertAll([row])).body.insertErrors).toHaveLength(1)
  expect((await insertAll([row], { ignoreUnknownValues: true })).body.insertErrors).toBeUndefined()
  expect(await ids()).toEqual(['a'])
})

test('an insertId that was landed is not landed again, one that failed is', async () => {
  await insertAll([{ insertId: '1', json: { id: 'a', n: 'bad' } }])
  await insertAll([{ insertId: '1', json: { id: 'a' } }])
  await insertAll([
    { insertId: '1', json: { id: 'a' } },
    { insertId: '2', json: { id: 'b' } },
    { insertId: '2', json: { id: 'b' } },
  ])

  expect(await ids()).toEqual(['a', 'b'])
})

test('many requests at once land every row once', async () => {
  const requests = Array.from({ length: 40 }, (_, request) =>
    insertAll(Array.from({ length: 25 }, (_row, n) => ({ json: { id: `${request}/${n}` } }))),
  )

  const answers = await Promise.all(requests)

  expect(answers.filter(({ body }) => body.insertErrors)).toEqual([])
  const landed = await ids()
  expect(landed).toHaveLength(1000)
  expect(new Set(landed).size).toBe(1000)
})

test('a templateSuffix makes a table in the form of the named one', async () => {
  const { status } = await insertAll([{ json: { id: 'a' } }], { templateSuffix: '_2025' })

  expect(status).toBe(200)
  const [rows] = await dataset.table(`${table.id}_2025`).getRows({ selectedFields: 'id' })
  expect(rows).toEqual([{ id: 'a' }])
})

test('no rows, no table, no room for rows: each is told', async () => {
  expect(await insertAll([])).toMatchObject({
    status: 400,
    body: { error: { message: 'No rows present in the request.' } },
  })
  expect(await refusal(dataset.table('none').insert([{ id: 'a' }]))).toMatchObject({
    code: 404,
    message: 'Not found: Table shop-events:raw.none',
  })
})

test('a request that is too large for BigQuery is too large here', async () => {
  const bytes = await insertAll([{ json: { id: 'x'.repeat(10 * 1024 * 1024) } }])
  expect(bytes).toMatchObject({
    status: 413,
    body: { error: { message: 'Request payload size exceeds the limit: 10485760 bytes.' } },
  })

  const rows = await insertAll(Array.from({ length: 50_001 }, () => ({ json: { id: 'a' } })))
  expect(rows).toMatchObject({
    status: 400,
    body: { error: { message: 'too many rows present in the request, limit: 50000' } },
  })
})

test('a column that is named in parts comes in parts', async () => {
  await insertAll([{ json: { id: 'a', errors: [{ code: 'x' }] } }])

  const [rows] = await table.getRows({ selectedFields: 'errors.code,id' })
  expect(rows).toEqual([{ id: 'a', errors: [{ code: 'x' }] }])
  expect(await refusal(table.getRows({ selectedFields: 'none' }))).toMatchObject({
    message: 'No such field: none',
  })
})
