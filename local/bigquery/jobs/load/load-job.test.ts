import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Dataset, JobLoadMetadata } from '@google-cloud/bigquery'
import { Storage, type Bucket } from '@google-cloud/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Endpoint } from '../../../endpoint.ts'
import { startStorage } from '../../../storage/start-storage.ts'
import { startTestBigQuery, type TestBigQuery } from '../../test-bigquery.ts'

let folder: string
let storage: Endpoint
let bucket: Bucket
let local: TestBigQuery
let dataset: Dataset
let count = 0

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'load-test-'))
  storage = await startStorage({ port: 0, folder: join(folder, 'storage') })
  const apiEndpoint = `http://${storage.address}`
  ;[bucket] = await new Storage({ projectId: 'shop-events', apiEndpoint }).createBucket('landing')
  local = await startTestBigQuery({ storageHost: apiEndpoint })
  ;[dataset] = await local.bigQuery.createDataset('raw')
})

afterAll(async () => {
  await local.endpoint.stop()
  await storage.stop()
  await rm(folder, { recursive: true })
})

const fields = [
  { name: 'id', type: 'STRING', mode: 'REQUIRED' },
  { name: 'payload', type: 'JSON' },
  {
    name: 'at',
    type: 'TIMESTAMP',
    mode: 'REQUIRED',
    defaultValueExpression: 'current_timestamp()',
  },
]

function newTable() {
  count += 1
  return dataset.table(`table_${count}`)
}

async function eventsTable() {
  const [table] = await newTable().create({ schema: fields })
  return table
}

async function store(name: string, content: string | Buffer) {
  await bucket.file(name).save(content, { resumable: false, validation: false })
  return bucket.file(name)
}

async function column(table: { id?: string | undefined }, name: string): Promise<unknown[]> {
  const [rows] = await dataset.table(table.id ?? '').getRows({ selectedFields: name })
  return rows.map((row) => row[name])
}

const json: JobLoadMetadata = { sourceFormat: 'NEWLINE_DELIMITED_JSON' }

/** The end of a load of these files, whether it worked or not. */
async function load(table: { id?: string | undefined }, uris: string[], options: JobLoadMetadata) {
  const configuration = {
    load: {
      destinationTable: { projectId: 'shop-events', datasetId: 'raw', tableId: table.id },
      sourceUris: uris,
      ...options,
    },
  }
  const response = await fetch(`${local.origin}/projects/shop-events/jobs`, {
    method: 'POST',
    body: JSON.stringify({ configuration }),
  })
  const answer = (await response.json()) as { jobReference: { jobId: string }; error?: unknown }
  if (!response.ok) return { status: { errorResult: answer.error }, statistics: {} }
  const { jobReference } = answer
  await local.bigQuery
    .job(jobReference.jobId)
    .getQueryResults()
    .catch(() => {})
  const [job] = await local.bigQuery.job(jobReference.jobId).getMetadata()
  return job
}

test('files of a pattern are loaded, zipped ones too, with the text of their JSON', async () => {
  const table = await eventsTable()
  await store('a/1.json', '{"id":"1","payload":{"b":1.0,"a":123456789012345678}}\n')
  await store('a/2.json', gzipSync('{"id":"2","payload":[1]}\n{"id":"3"}'))
  await store('a/other.txt', 'nothing to load')

  const { statistics } = await load(table, ['gs://landing/a/*.json'], json)

  expect(statistics.load).toMatchObject({ inputFiles: '2', outputRows: '3', badRecords: '0' })
  expect(await column(table, 'id')).toEqual(['1', '2', '3'])
  expect(await column(table, 'payload')).toEqual(['{"a":123456789012345678,"b":1.0}', '[1]', null])
  expect(new Set((await column(table, 'at')).map(String)).size).toBe(1)
})

test('a file from this machine is loaded through the client', async () => {
  const table = await eventsTable()
  const file = join(folder, 'local.json')
  await writeFile(file, '{"id":"x"}\n'.repeat(3))

  await table.load(file, { format: 'JSON' })

  expect(await column(table, 'id')).toEqual(['x', 'x', 'x'])
})

test('one bad row leaves the table as it was, and every bad row is told', async () => {
  const table = await eventsTable()
  await store('bad.json', '{"id":"1"}\n{"nope":1}\n{"id":\n')

  const { status } = await load(table, ['gs://landing/bad.json'], json)

  expect(status.errorResult).toMatchObject({
    reason: 'invalid',
    message: expect.stringContaining('JSON table encountered too many errors, giving up.'),
  })
  expect(status.errors.slice(1)).toMatchObject([
    { location: 'gs://landing/bad.json', message: expect.stringContaining('position 11: ') },
    { message: expect.stringContaining('position 22: ') },
  ])
  expect(await column(table, 'id')).toEqual([])
})

test('as many bad rows as allowed are left out', async () => {
  const table = await eventsTable()
  await store('some-bad.json', '{"id":"1"}\n{"nope":1}\n{"id":')

  const { status, statistics } = await load(table, ['gs://landing/some-bad.json'], {
    ...json,
    maxBadRecords: 2,
  })

  expect(status.errorResult).toBeUndefined()
  expect(statistics.load).toMatchObject({ outputRows: '1', badRecords: '2' })
  expect(await column(table, 'id')).toEqual(['1'])
})

test('a CSV is read by the columns of the table', async () => {
  const table = newTable()
  await store('x.csv', 'id;n;ok\n"a;""1""";1.5;true\n;;\n')

  const { status } = await load(table, ['gs://landing/x.csv'], {
    fieldDelimiter: ';',
    skipLeadingRows: 1,
    schema: {
      fields: [
        { name: 'id', type: 'STRING' },
        { name: 'n', type: 'NUMERIC' },
        { name: 'ok', type: 'BOOLEAN' },
      ],
    },
  })

  expect(status).toEqual({ state: 'DONE' })
  expect(await column(table, 'id')).toEqual(['a;"1"', null])
  expect(await column(table, 'ok')).toEqual([true, null])
})

test('types are found where the load asks for it', async () => {
  const table = newTable()
  await store(
    'auto.json',
    '{"n":1,"f":1.5,"s":"x","d":"2025-01-02","t":"2025-01-02T03:04:05Z","r":[{"a":true}]}\n{"f":2}\n',
  )

  await load(table, ['gs://landing/auto.json'], { ...json, autodetect: true })

  const [metadata] = await table.getMetadata()
  const found = metadata.schema.fields.map((field: { name: string; type: string; mode?: string }) =>
    [field.name, field.type, field.mode].filter(Boolean).join(' '),
  )
  expect(found).toEqual([
    'n INTEGER',
    'f FLOAT',
    's STRING',
    'd DATE',
    't TIMESTAMP',
    'r RECORD REPEATED',
  ])
})

test.each([
  ['n,name\n1,a\n2,b\n', {}, ['n INTEGER', 'name STRING'], 2],
  [
    '1,a,2025-01-02\n2,b,\n',
    {},
    ['int64_field_0 INTEGER', 'string_field_1 STRING', 'date_field_2 DATE'],
    2,
  ],
  // Nothing tells texts from a header of texts.
  ['n,name\na,b\n', {}, ['string_field_0 STRING', 'string_field_1 STRING'], 2],
  ['n,name\na,b\n', { skipLeadingRows: 1 }, ['string_field_0 STRING', 'string_field_1 STRING'], 1],
  [
    'n,ok\n1.5,true\n',
    { skipLeadingRows: 0 },
    ['string_field_0 STRING', 'string_field_1 STRING'],
    2,
  ],
])('of the CSV %j with %j the columns are %j', async (text, options, columns, rows) => {
  const table = newTable()
  await store('auto.csv', text)
  await load(table, ['gs://landing/auto.csv'], {
    sourceFormat: 'CSV',
    autodetect: true,
    ...options,
  })

  const [{ schema, numRows }] = await table.getMetadata()
  expect(
    schema.fields.map((field: Record<string, string>) => `${field.name} ${field.type}`),
  ).toEqual(columns)
  expect(numRows).toBe(String(rows))
})

test('Parquet brings its own columns', async () => {
  const table = newTable()
  const file = join(folder, 'x.parquet')
  const connection = await (await DuckDBInstance.create(':memory:')).connect()
  await connection.run(
    `COPY (SELECT 1::BIGINT AS n, 'a' AS s, 1.50::DECIMAL(10,2) AS m) TO '${file}' (FORMAT parquet)`,
  )
  await bucket.upload(file, { destination: 'x.parquet', resumable: false, validation: false })

  const { status } = await load(table, ['gs://landing/x.parquet'], { sourceFormat: 'PARQUET' })

  expect(status).toEqual({ state: 'DONE' })
  const [rows] = await table.getRows()
  expect(rows).toMatchObject([{ n: 1, s: 'a' }])
  expect(String(rows[0].m)).toBe('1.5')
})

test('write dispositions append, replace and refuse', async () => {
  const table = await eventsTable()
  await store('one.json', '{"id":"1"}')
  const uris = ['gs://landing/one.json']

  await load(table, uris, json)
  await load(table, uris, { ...json, writeDisposition: 'WRITE_APPEND' })
  expect(await column(table, 'id')).toEqual(['1', '1'])
  await load(table, uris, { ...json, writeDisposition: 'WRITE_TRUNCATE' })
  expect(await column(table, 'id')).toEqual(['1'])
  const { status } = await load(table, uris, { ...json, writeDisposition: 'WRITE_EMPTY' })
  expect(status.errorResult).toMatchObject({ reason: 'duplicate' })
})

test('new columns are added only where the load says so', async () => {
  const table = await eventsTable()
  await store('wide.json', '{"id":"1","extra":5}')
  const wide = { ...json, schema: { fields: [...fields, { name: 'extra', type: 'INTEGER' }] } }
  const uris = ['gs://landing/wide.json']

  const { status } = await load(table, uris, wide)
  expect(status.errorResult).toMatchObject({
    message: 'Invalid schema update. Cannot add fields (field: extra)',
  })
  await load(table, uris, { ...wide, schemaUpdateOptions: ['ALLOW_FIELD_ADDITION'] })
  expect(await column(table, 'extra')).toEqual([5])
})

test.each([
  ['gs://landing/none.json', 'notFound', 'Not found: URI gs://landing/none.json'],
  ['gs://nowhere/x.json', 'notFound', 'Not found: Bucket nowhere'],
  ['/tmp/x.json', 'invalid', 'Invalid source URI: /tmp/x.json. Expected gs://bucket/object.'],
])('the source %s is refused', async (uri, reason, message) => {
  const { status } = await load(await eventsTable(), [uri], json)

  expect(status.errorResult).toMatchObject({ reason, message })
})

test('a format that the local engine does not read is refused at once', async () => {
  const { status } = await load(await eventsTable(), ['gs://landing/x'], { sourceFormat: 'AVRO' })

  expect(status.errorResult).toMatchObject({
    message: 'not supported by the local engine: loads of the format AVRO',
  })
})

test('a table is extracted to a file that loads again as it was', async () => {
  const table = await eventsTable()
  await table.insert([
    { id: 'a', payload: '{"x":1.0}', at: '2025-01-02T03:04:05.678Z' },
    { id: 'b"' },
  ])

  await table.extract(bucket.file('out/part-*.json'), { format: 'JSON' })
  const again = await eventsTable()
  await load(again, ['gs://landing/out/part-000000000000.json'], json)

  const [rows] = await table.getRows()
  expect((await again.getRows())[0]).toEqual(rows)
  await table.extract(bucket.file('out/x.csv.gz'), { format: 'CSV', gzip: true })
  const [csv] = await bucket.file('out/x.csv.gz').download()
  const [header, a] = gunzipSync(csv).toString().split('\n')
  expect(header).toBe('id,payload,at')
  expect(a).toBe('a,"{""x"":1.0}",2025-01-02 03:04:05.678 UTC')
})

function exportOf(options: string): string {
  return `export data options (uri = 'gs://landing/export/*.json', format = 'JSON' ${options}) as
    select n, 'é' as s, [n] as list, cast(null as string) as nothing
    from unnest([2, 1]) as n order by n`
}

test('EXPORT DATA writes the rows of a query, over what was there only where it may', async () => {
  await local.bigQuery.query(exportOf(''))

  const [text] = await bucket.file('export/000000000000.json').download()
  expect(text.toString()).toBe('{"n":"1","s":"é","list":["1"]}\n{"n":"2","s":"é","list":["2"]}\n')
  await expect(local.bigQuery.query(exportOf(''))).rejects.toThrow('without overwrite')
  await local.bigQuery.query(exportOf(', overwrite = true'))
})

test('a Parquet file that was exported, or extracted, holds the same rows', async () => {
  const values = `'é' as s, b'\\x00' as b, 7 as n, 0.5 as f, numeric '1.000000001' as d, true as t,
    timestamp '2025-02-08 13:09:00.000001+00' as moment, date '2025-02-08' as day,
    time '13:09:00.5' as clock, datetime '2025-02-08 13:09:00' as wall`
  const types =
    's string, b bytes, n int64, f float64, d numeric, t bool, moment timestamp, day date, clock time, wall datetime'
  const rows = `select ${values} union all select ${types.replaceAll(/(\w+) (\w+)/g, 'cast(null as $2)')}`
  await local.bigQuery.query(`export data options (
    uri = 'gs://landing/parquet/*.parquet', format = 'PARQUET', compression = 'ZSTD') as ${rows}`)
  await local.bigQuery.query(`create table raw.exported (${types})`)
  const exported = local.bigQuery.dataset('raw').table('exported')
  const again = local.bigQuery.dataset('raw').table('extracted')
  await local.bigQuery.query(`create table raw.extracted (${types})`)

  const parquet = { sourceFormat: 'PARQUET' }
  await load(exported, ['gs://landing/parquet/000000000000.parquet'], parquet)
  await exported.extract(bucket.file('parquet/extracted'), { format: 'PARQUET' })
  await load(again, ['gs://landing/parquet/extracted'], parquet)

  const [expected] = await local.bigQuery.query(`${rows} order by s`)
  expect(expected).toHaveLength(2)
  for (const name of ['exported', 'extracted']) {
    expect((await local.bigQuery.query(`select * from raw.${name} order by s`))[0]).toEqual(
      expected,
    )
  }
  const list =
    "export data options (uri = 'gs://landing/p/*', format = 'PARQUET') as select [1] as a"
  await expect(local.bigQuery.query(list)).rejects.toThrow('an export of arrays')
})

test('a copy holds the same rows in the same columns', async () => {
  const table = await eventsTable()
  await table.insert([{ id: 'a' }, { id: 'b' }])
  const copy = newTable()

  await table.copy(copy)

  expect(await column(copy, 'id')).toEqual(['a', 'b'])
  const [metadata] = await copy.getMetadata()
  expect(metadata.schema.fields).toMatchObject(fields)
})
