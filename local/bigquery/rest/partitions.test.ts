import type { Dataset } from '@google-cloud/bigquery'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal, startTestBigQuery, type TestBigQuery } from '../test-bigquery.ts'

let local: TestBigQuery
let dataset: Dataset

beforeAll(async () => {
  local = await startTestBigQuery()
  ;[dataset] = await local.bigQuery.createDataset('d')
})
afterAll(() => local.endpoint.stop())

const ingested = (type: string) => ({ schema: 'name', timePartitioning: { type } })
const byDay = { schema: 'name, day:date', timePartitioning: { type: 'DAY', field: 'day' } }

async function partitions(table: string): Promise<string[]> {
  const [rows] = await local.bigQuery.query(
    `select concat(name, ' ', cast(_partitiontime as string)) as row_text from d.${table} order by 1`,
  )
  return rows.map(({ row_text: text }: { row_text: string }) => text)
}

async function namesOf(table: string): Promise<string[]> {
  const [rows] = await local.bigQuery.query(`select name from d.${table} order by 1`)
  return rows.map(({ name }: { name: string }) => name)
}

async function load(table: string, names: string[], options: Record<string, unknown> = {}) {
  const lines = names.map((name) => `${JSON.stringify({ name, ...dayOf(name) })}\n`).join('')
  const boundary = 'the-boundary'
  const [tableId = '', datasetId = 'd'] = table.split('.').toReversed()
  const configuration = {
    load: {
      destinationTable: { projectId: 'shop-events', datasetId, tableId },
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
      ...options,
    },
  }
  const body = [JSON.stringify({ configuration }), lines]
    .map((part) => `--${boundary}\r\ncontent-type: application/json\r\n\r\n${part}\r\n`)
    .join('')
  const response = await fetch(
    `${local.origin}/upload/bigquery/v2/projects/shop-events/jobs?uploadType=multipart`,
    {
      method: 'POST',
      headers: { 'content-type': `multipart/related; boundary=${boundary}` },
      body: `${body}--${boundary}--`,
    },
  )
  const { jobReference, error } = (await response.json()) as {
    jobReference: { jobId: string }
    error?: { message: string }
  }
  if (error) return error.message
  const job = local.bigQuery.job(jobReference.jobId)
  for (;;) {
    const [{ status }] = await job.getMetadata()
    if (status.state === 'DONE') return status.errorResult?.message
  }
}

/** `a 2025-02-08` is a row of that day. */
function dayOf(name: string): { day?: string } {
  const day = /\d{4}-\d{2}-\d{2}$/.exec(name)?.[0]
  return day === undefined ? {} : { day }
}

test('streamed rows come into the partition of their time', async () => {
  const [table] = await dataset.createTable('streamed', ingested('HOUR'))
  await table.insert([{ name: 'a' }])
  await table.setMetadata({ schema: 'name, later' })
  await table.insert([{ name: 'b', later: 'x' }])

  const [[row]] = await local.bigQuery.query(
    'select count(*) n, max(timestamp_diff(current_timestamp(), _partitiontime, minute)) < 120 as recent, ' +
      'max(later) as later from d.streamed where _partitiontime = timestamp_trunc(_partitiontime, hour)',
  )
  expect(row).toEqual({ n: 2, recent: true, later: 'x' })
})

test('streamed rows come into the partition that the request names', async () => {
  const [table] = await dataset.createTable('decorated', ingested('DAY'))
  await dataset.table('decorated$20250208').insert([{ name: 'a' }])
  await table.insert([{ name: 'b' }])

  const [first, ...others] = await partitions('decorated')
  expect(first).toBe('a 2025-02-08 00:00:00+00')
  expect(others).toHaveLength(1)
})

test.each([
  ['of another form', 'decorated', '2025020813', /Invalid partition id "2025020813"/],
  ['that is no day', 'decorated', '20250230', /Invalid partition id "20250230"/],
  ['of a table without any', 'plain', '20250208', /d\.plain is not partitioned/],
  ['of a column', 'days', '20250208', /^Streaming to metadata partition of column based/],
])('rows for a partition %s are refused', async (_, name, id, message) => {
  await dataset.createTable('plain', { schema: 'name' }).catch(() => {})
  await dataset.createTable('days', byDay).catch(() => {})

  const refused = await refusal(dataset.table(`${name}$${id}`).insert([{ name: 'x' }]))

  expect(refused).toMatchObject({ code: 400, message: expect.stringMatching(message) })
})

test('a load replaces the partition that it names, and no other', async () => {
  await dataset.createTable('loaded', ingested('DAY'))
  await load('loaded$20250208', ['a'])
  await load('loaded$20250209', ['b'])

  await load('loaded$20250208', ['c'], { writeDisposition: 'WRITE_TRUNCATE' })

  expect(await partitions('loaded')).toEqual([
    'b 2025-02-09 00:00:00+00',
    'c 2025-02-08 00:00:00+00',
  ])
  expect(await load('loaded$20250208', ['d'], { writeDisposition: 'WRITE_EMPTY' })).toBe(
    'Already Exists: Table shop-events:d.loaded$20250208',
  )
})

test('rows of a load must lie in the partition of the column that it names', async () => {
  await dataset.createTable('columns', byDay)
  expect(await load('columns$20250208', ['a 2025-02-08'])).toBeUndefined()

  expect(await load('columns$20250208', ['b 2025-02-08', 'c 2025-02-09'])).toBe(
    'Some rows belong to different partitions rather than destination partition 20250208',
  )
  expect(await namesOf('columns')).toEqual(['a 2025-02-08'])
})

test('a query replaces the partition that it names, and no other', async () => {
  await dataset.createTable('results', byDay)
  await load('results', ['a 2025-02-08', 'b 2025-02-09'])
  const query = "select 'c' as name, date '2025-02-08' as day"
  const into = (id: string) => ({
    query,
    destination: dataset.table(`results$${id}`),
    writeDisposition: 'WRITE_TRUNCATE',
  })

  const [job] = await local.bigQuery.createQueryJob(into('20250208'))
  await job.getQueryResults()

  expect(await namesOf('results')).toEqual(['b 2025-02-09', 'c'])
  expect(await refusal(local.bigQuery.createQueryJob(into('20250210')))).toMatchObject({
    message: expect.stringContaining('rather than destination partition 20250210'),
  })
})

test('a copy keeps the partitions of ingestion time', async () => {
  await dataset.createTable('original', ingested('DAY'))
  await load('original$20250208', ['a'])

  await dataset.table('original').copy(dataset.table('copied'))

  expect(await partitions('copied')).toEqual(['a 2025-02-08 00:00:00+00'])
})
