import type { Dataset } from '@google-cloud/bigquery'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { refusal, startTestBigQuery, type TestBigQuery } from '../test-bigquery.ts'

let local: TestBigQuery
let dataset: Dataset
let count = 0

beforeAll(async () => {
  local = await startTestBigQuery()
})
afterAll(() => local.endpoint.stop())

beforeEach(async () => {
  count += 1
  ;[dataset] = await local.bigQuery.createDataset(`dataset_${count}`)
})

const schema = [
  { name: 'id', type: 'STRING', mode: 'REQUIRED', description: 'The key.' },
  { name: 'amount', type: 'NUMERIC' },
]

test('a dataset keeps what it was given, and a patch changes only what it names', async () => {
  await dataset.setMetadata({ description: 'Raw events.', labels: { layer: 'raw', team: 'shop' } })
  await dataset.setMetadata({ labels: { team: null } })

  const [metadata] = await dataset.getMetadata()
  expect(metadata).toMatchObject({ description: 'Raw events.', labels: { layer: 'raw' } })
})

test('what is there or missing is told as BigQuery tells it', async () => {
  const id = dataset.id ?? ''

  expect(await refusal(local.bigQuery.createDataset(id))).toEqual({
    code: 409,
    reason: 'duplicate',
    message: `Already Exists: Dataset shop-events:${id}`,
  })
  expect(await refusal(dataset.table('none').getMetadata())).toEqual({
    code: 404,
    reason: 'notFound',
    message: `Not found: Table shop-events:${id}.none`,
  })
  expect(await refusal(local.bigQuery.dataset('none').table('t').getMetadata())).toMatchObject({
    message: 'Not found: Dataset shop-events:none',
  })
})

test('a dataset that holds a table is deleted only with its contents', async () => {
  await dataset.createTable('orders', { schema })

  expect(await refusal(dataset.delete())).toMatchObject({ code: 400, reason: 'resourceInUse' })
  await dataset.delete({ force: true })
  expect(await dataset.exists()).toEqual([false])
})

test('a dataset goes with its contents for a client that writes True', async () => {
  await dataset.createTable('orders', { schema })
  const url = `${local.origin}/projects/shop-events/datasets/${dataset.id}`

  const response = await fetch(`${url}?deleteContents=True`, { method: 'DELETE' })

  expect(response.status).toBe(204)
  expect(await dataset.exists()).toEqual([false])
})

test('lists come in pages that together hold everything once', async () => {
  for (const name of ['a', 'b', 'c']) await dataset.createTable(name, { schema })

  const [first, next] = await dataset.getTables({ maxResults: 2, autoPaginate: false })
  const [second, end] = await dataset.getTables({ ...next, autoPaginate: false })

  expect([...first, ...second].map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  expect(end).toBeFalsy()
})

test('a table shows what it was made with', async () => {
  const options = {
    schema,
    timePartitioning: { type: 'DAY', field: 'day', requirePartitionFilter: false },
    clustering: { fields: ['id'] },
    description: 'One row per order.',
  }
  const [table] = await dataset.createTable('orders', {
    ...options,
    schema: [...schema, { name: 'day', type: 'DATE' }],
  })

  const [metadata] = await table.getMetadata()
  expect(metadata).toMatchObject({
    type: 'TABLE',
    description: 'One row per order.',
    clustering: { fields: ['id'] },
    timePartitioning: { type: 'DAY', field: 'day' },
    numRows: '0',
    lastModifiedTime: expect.stringMatching(/^\d+$/),
  })
  // As BigQuery answers: a mode that is merely NULLABLE is left out.
  expect(metadata.schema.fields).toEqual([
    schema[0],
    { name: 'amount', type: 'NUMERIC' },
    { name: 'day', type: 'DATE' },
  ])
})

test('rows and logical bytes are counted', async () => {
  const [table] = await dataset.createTable('orders', { schema })
  await table.insert([{ id: 'abc', amount: '1.5' }, { id: 'é' }])

  const [metadata] = await table.getMetadata()
  expect(metadata).toMatchObject({ numRows: '2', numBytes: String(2 + 3 + 16 + 2 + 2) })
})

test('a patch of the schema adds columns and relaxes them, and refuses all else', async () => {
  const [table] = await dataset.createTable('orders', { schema })
  await table.insert([{ id: 'a' }])
  const wider = [
    { name: 'id', type: 'STRING', mode: 'NULLABLE', description: 'The key.' },
    { name: 'amount', type: 'NUMERIC' },
    { name: 'note', type: 'STRING' },
  ]

  await table.setMetadata({ schema: { fields: wider } })
  await table.insert([{ note: 'no id' }])

  const [rows] = await table.getRows()
  expect(rows).toEqual([
    { id: 'a', amount: null, note: null },
    { id: null, amount: null, note: 'no id' },
  ])
  const narrower = { schema: { fields: wider.slice(0, 2) } }
  expect(await refusal(table.setMetadata(narrower))).toMatchObject({
    reason: 'invalid',
    message: expect.stringContaining('Field note is missing in new schema'),
  })
  const other = { schema: { fields: [{ name: 'id', type: 'INTEGER' }, ...wider.slice(1)] } }
  expect(await refusal(table.setMetadata(other))).toMatchObject({
    message: expect.stringContaining('Field id has changed type from STRING to INTEGER'),
  })
})

test('If-Match holds back a change of what somebody else has changed', async () => {
  const [table] = await dataset.createTable('orders', { schema })
  const path = `/projects/shop-events/datasets/${dataset.id}/tables/orders`
  const [{ etag }] = await table.getMetadata()
  const patch = (match: string) =>
    fetch(`${local.origin}${path}`, {
      method: 'PATCH',
      headers: { 'if-match': match, 'content-type': 'application/json' },
      body: JSON.stringify({ description: match }),
    })

  expect((await patch(etag)).status).toBe(200)
  expect((await patch(etag)).status).toBe(412)
})

test('a view has the columns of its query, and rows only through SQL', async () => {
  await dataset.createTable('orders', { schema })
  const query = `select id, amount * 2 as twice from \`${dataset.id}.orders\``
  const [view] = await dataset.createTable('doubled', { view: { query, useLegacySql: false } })

  const [metadata] = await view.getMetadata()
  expect(metadata).toMatchObject({ type: 'VIEW', view: { query } })
  expect(metadata.schema.fields).toMatchObject([{ name: 'id' }, { name: 'twice', type: 'NUMERIC' }])
  expect(await refusal(view.getRows())).toMatchObject({
    message: 'Cannot list a table of type VIEW.',
  })
})

test('rows of expired partitions count no more', async () => {
  await local.bigQuery.query(`
    create table ${dataset.id}.visits (day date) partition by day
    options (partition_expiration_days = 3);
    insert into ${dataset.id}.visits (day)
    select day from unnest([current_date(), date_sub(current_date(), interval 9 day)]) as day`)

  const [metadata] = await dataset.table('visits').getMetadata()
  expect(metadata).toMatchObject({ numRows: '1', numBytes: '8' })
})

test('a view takes another query, and keeps what else it was given', async () => {
  await dataset.createTable('orders', { schema })
  const [view] = await dataset.createTable('view', {
    view: { query: `select id, amount from ${dataset.id}.orders`, useLegacySql: false },
    description: 'The orders.',
  })

  await view.setMetadata({
    view: { query: `select id from ${dataset.id}.orders`, useLegacySql: false },
    labels: { layer: 'mart' },
  })

  const [metadata] = await view.getMetadata()
  expect(metadata).toMatchObject({
    view: { query: `select id from ${dataset.id}.orders` },
    description: 'The orders.',
    labels: { layer: 'mart' },
    schema: { fields: [{ name: 'id' }] },
  })
})

test('the result of a query is a table that can be looked at', async () => {
  const [job] = await local.bigQuery.createQueryJob('select 1 as n union all select 2')
  await job.getQueryResults()
  const [{ configuration }] = await job.getMetadata()
  const { datasetId, tableId } = configuration.query.destinationTable

  const [metadata] = await local.bigQuery.dataset(datasetId).table(tableId).getMetadata()

  expect(metadata).toMatchObject({
    type: 'TABLE',
    numRows: '2',
    schema: { fields: [{ name: 'n', type: 'INTEGER' }] },
  })
})

test.each([
  [
    'a label in upper case',
    { labels: { Team: 'shop' } },
    'Invalid labels: the key "Team" must begin',
  ],
  [
    'a column that is there twice',
    { schema: [...schema, { name: 'ID', type: 'STRING' }] },
    'Field ID already exists in schema',
  ],
  ['a time that is none', { expirationTime: 'soon' }, 'Invalid value for expirationTime: soon'],
  [
    'a column whose name no column may have',
    { schema: [{ name: 'a;b', type: 'STRING' }] },
    'Invalid field name "a;b"',
  ],
  [
    'a column that BigQuery keeps for itself',
    { schema: [{ name: '_partitiontime', type: 'TIMESTAMP' }] },
    'Field names are not allowed to start with',
  ],
  [
    'a default that is no expression',
    { schema: [{ name: 'n', type: 'INTEGER', defaultValueExpression: 'foo(' }] },
    'Invalid default value expression for column n: Syntax error',
  ],
  [
    'an unknown unit',
    { schema, timePartitioning: { type: 'WEEK' } },
    'Invalid time partitioning type: WEEK',
  ],
  [
    'keys of encryption',
    { encryptionConfiguration: { kmsKeyName: 'k' } },
    'not supported by the local engine: tables with encryptionConfiguration',
  ],
  [
    'ranges of no width',
    {
      schema: [{ name: 'n', type: 'INTEGER' }],
      rangePartitioning: { field: 'n', range: { start: '0', end: '10', interval: '0' } },
    },
    'Range partitioning must make 1 to 10000 partitions',
  ],
  [
    'ranges without bounds',
    { schema: [{ name: 'n', type: 'INTEGER' }], rangePartitioning: { field: 'n' } },
    'Invalid value for start',
  ],
  [
    'another way of rounding',
    { defaultRoundingMode: 'ROUND_HALF_EVEN' },
    'not supported by the local engine: the rounding mode ROUND_HALF_EVEN',
  ],
])('a table with %s is refused', async (_, metadata, message) => {
  expect(await refusal(dataset.createTable('refused', metadata as object))).toMatchObject({
    code: 400,
    message: expect.stringContaining(message),
  })
  expect(await dataset.table('refused').exists()).toEqual([false])
})

test.each([
  ['a label in upper case', { labels: { a: 'Shop' } }, 'Invalid labels: the value "Shop" of "a"'],
  ['too long a memory', { maxTimeTravelHours: '50' }, 'Invalid value for maxTimeTravelHours: 50'],
  ['tables that expire at once', { defaultTableExpirationMs: '1000' }, 'at least 3600000'],
  ['a time that is none', { defaultTableExpirationMs: 'soon' }, 'Invalid value for defaultTable'],
  ['keys of encryption', { defaultEncryptionConfiguration: { kmsKeyName: 'k' } }, 'not supported'],
])('a dataset with %s is refused', async (_, metadata, message) => {
  expect(await refusal(local.bigQuery.createDataset('refused', metadata as object))).toMatchObject({
    code: 400,
    message: expect.stringContaining(message),
  })
})

test('a name that BigQuery does not know is passed over: its own client sends one', async () => {
  const [made] = await local.bigQuery.dataset('made_by_get').get({ autoCreate: true })
  expect(made.id).toBe('made_by_get')
})

test('a changed table is held to what a new one is held to', async () => {
  const rangePartitioning = { field: 'n', range: { start: '0', end: '100', interval: '10' } }
  const [table] = await dataset.createTable('ranges', {
    schema: [{ name: 'n', type: 'INTEGER' }],
    rangePartitioning,
  })

  const wider = { ...rangePartitioning, range: { start: '0', end: '100', interval: '20' } }
  expect(await refusal(table.setMetadata({ rangePartitioning: wider }))).toMatchObject({
    message: 'Cannot change the partitioning of an existing table.',
  })
  expect(await refusal(table.setMetadata({ clustering: { fields: ['none'] } }))).toMatchObject({
    message: expect.stringContaining('Invalid field: none'),
  })
})

test('of a table as much is told as is asked for', async () => {
  await dataset.createTable('told', { schema })
  const get = async (query: string) => {
    const path = `/projects/shop-events/datasets/${dataset.id}/tables/told?${query}`
    return (await (await fetch(local.origin + path)).json()) as {
      schema: unknown
      numRows?: string
    }
  }

  expect(await get('selectedFields=amount')).toMatchObject({
    schema: { fields: [{ name: 'amount', type: 'NUMERIC' }] },
    numRows: '0',
  })
  expect(await get('view=BASIC')).not.toHaveProperty('numRows')
})

const lengths = (maxLength: string, precision: string) => ({
  schema: [
    { name: 's', type: 'STRING', maxLength },
    { name: 'n', type: 'NUMERIC', precision, scale: '2' },
  ],
})

test('a column only becomes wider', async () => {
  const [table] = await dataset.createTable('lengths', lengths('10', '5'))
  await table.setMetadata(lengths('20', '6'))

  expect(await refusal(table.setMetadata(lengths('5', '6')))).toMatchObject({
    message: expect.stringContaining('Field s has changed type from STRING(20) to STRING(5)'),
  })
  expect(await refusal(table.setMetadata(lengths('20', '5')))).toMatchObject({
    message: expect.stringContaining(
      'Field n has changed type from NUMERIC(6, 2) to NUMERIC(5, 2)',
    ),
  })
})

test('a body that names another resource than the path does is refused', async () => {
  const url = `${local.origin}/projects/shop-events/datasets/${dataset.id}/tables`
  const body = JSON.stringify({ tableReference: { datasetId: 'other', tableId: 't' } })
  const answer = await fetch(url, { method: 'POST', body })
  expect(await answer.json()).toMatchObject({
    error: { message: `Value 'other' in content does not agree with value '${dataset.id}'.` },
  })
})

test('the older place of the partition filter is heeded', async () => {
  const timePartitioning = { type: 'DAY', requirePartitionFilter: true }
  const [table] = await dataset.createTable('filtered', { schema, timePartitioning })

  const [metadata] = await table.getMetadata()
  expect(metadata).toMatchObject({
    requirePartitionFilter: true,
    timePartitioning: { type: 'DAY' },
  })
  expect(
    (await refusal(table.query({ query: `select id from ${dataset.id}.filtered` }))).message,
  ).toContain('without a filter over column(s)')
})

test.each([
  ['a collation of a column', { schema: [{ name: 'a', type: 'STRING', collation: 'und:ci' }] }],
  [
    'a collation of a table',
    { schema: [{ name: 'a', type: 'STRING' }], defaultCollation: 'und:ci' },
  ],
])('%s is refused', async (_, metadata) => {
  expect(await refusal(dataset.createTable('collated', metadata))).toMatchObject({
    reason: 'notImplemented',
    message: expect.stringMatching(/^not supported by the local engine: collation/),
  })
})

test('a part of a table is no table of its own', async () => {
  await dataset.createTable('parts', { schema: 'name', timePartitioning: { type: 'DAY' } })

  expect(await refusal(dataset.table('parts$20250208').getMetadata())).toMatchObject({
    message: 'not supported by the local engine: tables.get of a part of a table (table$id)',
  })
})

test.each([
  ['/serviceAccount', { email: expect.stringContaining('@') }],
  ['/datasets/dataset_1/models', {}],
])('GET %s has an answer for clients that ask', async (path, expected) => {
  const response = await fetch(`${local.origin}/bigquery/v2/projects/shop-events${path}`)

  expect(response.status).toBe(200)
  expect(await response.json()).toMatchObject(expected)
})
