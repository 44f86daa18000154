import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Dataset, Table } from '@google-cloud/bigquery'
import { Storage, type Bucket } from '@google-cloud/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Endpoint } from '../endpoint.ts'
import { startStorage } from '../storage/start-storage.ts'
import { startTestBigQuery, type TestBigQuery } from './test-bigquery.ts'

const most = '578960446186580977117854925043439539266.34992332820282019728792003956564819967'
const least = '-578960446186580977117854925043439539266.34992332820282019728792003956564819968'

let folder: string
let storage: Endpoint
let bucket: Bucket
let local: TestBigQuery
let dataset: Dataset
let count = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bignumeric-test-'))
  storage = await startStorage({ port: 0, folder: join(folder, 'storage') })
  const apiEndpoint = `http://${storage.address}`
  ;[bucket] = await new Storage({ projectId: 'shop-events', apiEndpoint }).createBucket('landing')
  local = await startTestBigQuery({ storageHost: apiEndpoint })
  ;[dataset] = await local.bigQuery.createDataset('shop')
})
afterAll(async () => {
  await local.endpoint.stop()
  await storage.stop()
  await rm(folder, { recursive: true })
})

async function pricesTable(): Promise<Table> {
  count += 1
  const [table] = await dataset.createTable(`prices_${count}`, {
    schema: [
      { name: 'id', type: 'INTEGER' },
      { name: 'price', type: 'BIGNUMERIC', defaultValueExpression: '0.1' },
      { name: 'history', type: 'BIGNUMERIC', mode: 'REPEATED' },
      { name: 'sized', type: 'BIGDECIMAL', precision: '5', scale: '2' },
    ],
  })
  return table
}

/** The cells as the wire has them: the client makes numbers of them. */
async function cells(table: Table): Promise<unknown[]> {
  const path = `/projects/shop-events/datasets/shop/tables/${table.id}/data`
  const { rows = [] } = (await (await fetch(local.origin + path)).json()) as {
    rows?: { f: { v: unknown }[] }[]
  }
  return rows.map(({ f }) => f.map(({ v }) => v))
}

async function store(name: string, text: string) {
  await bucket.file(name).save(text, { resumable: false, validation: false })
  return bucket.file(name)
}

test('rows that are inserted keep their digits, rounded to the scale of their column', async () => {
  const table = await pricesTable()

  await table.insert([
    { id: 1, price: most, history: [least, 1, '1e-38'], sized: '999.994' },
    { id: 2, sized: -0.005 },
  ])

  expect(await cells(table)).toEqual([
    ['1', most, [{ v: least }, { v: '1' }, { v: `0.${'0'.repeat(37)}1` }], '999.99'],
    ['2', '0.1', [], '-0.01'],
  ])
  const [{ schema }] = await table.getMetadata()
  expect(schema.fields[3]).toMatchObject({ type: 'BIGNUMERIC', precision: '5', scale: '2' })
})

test.each([
  [{ price: '1,5' }, 'Invalid BIGNUMERIC value: 1,5'],
  [{ price: most.replace(/7$/, '8') }, `Invalid BIGNUMERIC value: ${most.replace(/7$/, '8')}`],
  [{ price: true }, 'Invalid BIGNUMERIC value: true'],
  [
    { sized: 999.995 },
    'Field sized: BIGNUMERIC(5, 2) has precision 5 and scale 2 but got a value that is not in range',
  ],
])('%o is refused', async (row, message) => {
  const table = await pricesTable()

  await expect(table.insert([row])).rejects.toMatchObject({
    errors: [{ errors: [{ reason: 'invalid', message }] }],
  })
})

test('files are loaded and written with every digit', async () => {
  const table = await pricesTable()
  const schema = {
    fields: [
      { name: 'id', type: 'INTEGER' },
      { name: 'price', type: 'BIGNUMERIC' },
    ],
  }
  const parquet = join(folder, 'prices.parquet')
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(
    `COPY (SELECT 3 AS id, 0.1::DECIMAL(20,9) AS price, [7] AS history) TO '${parquet}' (FORMAT parquet)`,
  )
  await bucket.upload(parquet, { destination: 'p.parquet', resumable: false, validation: false })

  const lines = await store(
    'p.json',
    `{"id":1,"price":${most},"history":[0.10000000000000000001]}\n`,
  )
  await table.load(lines, { sourceFormat: 'NEWLINE_DELIMITED_JSON' })
  const csv = dataset.table('from_csv')
  await csv.load(await store('p.csv', `2,${least}\n`), { sourceFormat: 'CSV', schema })
  await local.bigQuery.query(
    'create table shop.from_parquet (id int64, price bignumeric, history array<bignumeric>)',
  )
  const columnar = dataset.table('from_parquet')
  await columnar.load(bucket.file('p.parquet'), {
    sourceFormat: 'PARQUET',
    parquetOptions: { enableListInference: true },
  })

  expect(await cells(table)).toEqual([['1', most, [{ v: '0.10000000000000000001' }], null]])
  expect(await cells(columnar)).toEqual([['3', '0.1', [{ v: '7' }]]])
  await csv.extract(bucket.file('out.csv'))
  await csv.extract(bucket.file('out.json'), { format: 'JSON' })
  expect(String(await bucket.file('out.csv').download())).toBe(`id,price\n2,${least}\n`)
  expect(String(await bucket.file('out.json').download())).toBe(`{"id":"2","price":"${least}"}\n`)
})

test('parameters and results of queries are BIGNUMERIC, one by one and in arrays', async () => {
  const [rows] = await local.bigQuery.query({
    query: 'select cast(@x + y as string) as sum, typeof(@x) as type, y from unnest(@list) as y',
    params: { x: '0.00000000000000000000000000000000000001', list: ['1', '-2.5'] },
    types: { x: 'BIGNUMERIC', list: ['BIGNUMERIC'] },
  })

  expect(rows.map(({ sum, type, y }) => [sum, type, String(y)])).toEqual([
    ['1.00000000000000000000000000000000000001', 'BIGNUMERIC', '1'],
    ['-2.49999999999999999999999999999999999999', 'BIGNUMERIC', '-2.5'],
  ])
  await expect(
    local.bigQuery.query({ query: 'select @x', params: { x: 'x' }, types: { x: 'BIGNUMERIC' } }),
  ).rejects.toThrow('Invalid value for query parameter: Invalid BIGNUMERIC value: x')
})
