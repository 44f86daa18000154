import { afterEach, beforeEach, expect, test } from 'vitest'
import { sampleEvents } from './testing-events.ts'
import { eventually, runIngester, startCloud, type Cloud } from './testing.ts'

let cloud: Cloud
beforeEach(async () => void (cloud = await startCloud()))
afterEach(() => cloud.stop())

test('lands awkward messages beside good ones, each exactly as it was published', async () => {
  const { order } = sampleEvents
  const longText = 'x"'.repeat(4_950_000)
  const awkward: (string | Buffer)[] = [
    JSON.stringify(order),
    `{"event_type":"order","n":123456789012345678901234567890}`,
    Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d]),
    `{"event_type":"inventory","event_type":"order"}`,
    'a\0b',
    JSON.stringify({ ...order, note: 'nul \0 and \u2028' }),
    JSON.stringify({ ...order, note: 'raw \u2028' }, null, 2).replaceAll('\n', '\r\n'),
    JSON.stringify({ event_type: '../../x' }),
    JSON.stringify({ ...order, note: longText.slice(0, 4_900_000) }),
  ]
  const ids = await cloud.publish(awkward, { origin: 'test "1"' })
  const ingester = runIngester({ ...cloud.env, BATCH_MAX_AGE_MS: '50' })

  await eventually(async () => (await cloud.backlog()).unacked === 0)
  ingester.child.kill('SIGTERM')
  expect(await ingester.exited).toBe(0)

  const lines = new Map(
    cloud.lines().map(({ objectName, line }) => {
      const parsed = JSON.parse(line)
      expect(parsed.object_name).toBe(objectName)
      expect(objectName).toMatch(
        /^output\/(order|unknown)\/(\d\d\d\d)\/(\d\d)\/(\d\d)\/(\d\d)\/(\d\d)\/\1_\2\3\4\5\6\d{4}\.json$/,
      )
      return [parsed.message_id, { line, parsed }]
    }),
  )
  expect(lines.size).toBe(9)
  for (const [index, published] of awkward.entries()) {
    const line = lines.get(ids[index])?.line ?? ''
    const { raw_payload: raw, errors } = JSON.parse(line)
    // The bytes with a reason, or the text with blanks for line breaks: never neither.
    const isWhole =
      raw === undefined
        ? line.includes(`"payload":${String(published).replace(/[\r\n]/g, ' ')},`)
        : Buffer.from(raw, 'base64').equals(Buffer.from(published)) && errors.length > 0
    expect([index, isWhole]).toEqual([index, true])
  }
  expect(cloud.table.rows).toHaveLength(9)
})

test('two ingesters share a subscription, lose nothing and never overwrite a file', async () => {
  const events = Array.from({ length: 3_000 }, (_, index) =>
    JSON.stringify({ ...sampleEvents.inventory, number: index }),
  )
  const env = { ...cloud.env, BATCH_MAX_AGE_MS: '50', BATCH_MAX_MESSAGES: '100', STREAMS: '1' }
  const both = [runIngester(env), runIngester(env)]
  await Promise.all(both.map((ingester) => ingester.until('started')))
  const ids = await cloud.publish(events)

  await eventually(async () => (await cloud.backlog()).unacked === 0)
  for (const { child } of both) child.kill('SIGTERM')
  expect(await Promise.all(both.map(({ exited }) => exited))).toEqual([0, 0])

  const lines = cloud.lines().map(({ line }) => JSON.parse(line))
  expect(lines.map((line) => line.message_id).toSorted()).toEqual(ids.toSorted())
  expect(new Set(lines.map((line) => line.payload.number)).size).toBe(3_000)
  const rows = cloud.table.rows.map(({ json }) => json['message_id'])
  expect(rows.toSorted()).toEqual(ids.toSorted())
  for (const { log } of both) expect(log.some(({ message }) => message === 'landed')).toBe(true)
})

test('SIGTERM lands what is in flight', async () => {
  const ids = await cloud.publish([JSON.stringify(sampleEvents.order), '{}'])
  // The batches would stay open for minutes.
  const ingester = runIngester({ ...cloud.env, BATCH_MAX_AGE_MS: '300000' })
  await eventually(async () => (await cloud.backlog()).outstanding === 2)
  expect(cloud.lines()).toEqual([])

  ingester.child.kill('SIGTERM')

  expect(await ingester.exited).toBe(0)
  expect(ingester.log.at(-1)).toMatchObject({ message: 'stopped', landed: 2, given_back: 0 })
  expect(cloud.table.rows.map(({ insertId }) => insertId).toSorted()).toEqual(ids.toSorted())
  expect((await cloud.backlog()).unacked).toBe(0)
})

test('without a reader of its log it lands what it holds, and ends', async () => {
  const ingester = runIngester({ ...cloud.env, BATCH_MAX_AGE_MS: '10' })
  await ingester.until('started')
  ingester.child.stdout.destroy()
  await cloud.publish([JSON.stringify(sampleEvents.order), '{}'])

  expect(await ingester.exited).toBe(0)
  expect(ingester.stderr()).toBe('')
  expect(cloud.lines()).toHaveLength(2)
  expect(cloud.table.rows).toHaveLength(2)
  expect((await cloud.backlog()).unacked).toBe(0)
})

test('SIGTERM leaves the rows that BigQuery does not take to a load', async () => {
  cloud.table.answer = () => ({ status: 503, body: { error: { code: 503, message: 'away' } } })
  await cloud.publish([JSON.stringify(sampleEvents.order), '{}'])
  const ingester = runIngester({ ...cloud.env, BATCH_MAX_AGE_MS: '10' })
  await eventually(() => cloud.lines().length === 2)

  ingester.child.kill('SIGTERM')

  expect(await ingester.exited).toBe(0)
  expect(ingester.log.at(-1)).toMatchObject({ message: 'stopped', landed: 2, given_back: 0 })
  expect(cloud.pending().toSorted()).toEqual(
    cloud
      .lines()
      .map(({ objectName }) => `pending/${objectName}`)
      .toSorted(),
  )
  expect((await cloud.backlog()).unacked).toBe(0)
})

test('Ctrl-C, which npm repeats, gives back what cannot be landed in time', async () => {
  const ingester = runIngester({ ...cloud.env, BATCH_MAX_AGE_MS: '10', DRAIN_MS: '200' })
  await ingester.until('started')
  await cloud.stopStorage()
  await cloud.publish([JSON.stringify(sampleEvents.order), '{}'])
  await eventually(async () => (await cloud.backlog()).outstanding === 2)

  ingester.child.kill('SIGINT')
  await ingester.until('stopping')
  ingester.child.kill('SIGINT')

  expect(await ingester.exited).toBe(0)
  expect(ingester.log.at(-1)).toMatchObject({ message: 'stopped', landed: 0, given_back: 2 })
  await eventually(async () => (await cloud.backlog()).outstanding === 0)
  expect((await cloud.backlog()).unacked).toBe(2)
})

test('a second SIGTERM ends at once', async () => {
  const ingester = runIngester({ ...cloud.env, BATCH_MAX_AGE_MS: '10', DRAIN_MS: '600000' })
  await ingester.until('started')
  await cloud.stopStorage()
  await cloud.publish(['{}'])
  await eventually(async () => (await cloud.backlog()).outstanding === 1)

  ingester.child.kill('SIGTERM')
  await ingester.until('stopping')
  ingester.child.kill('SIGTERM')

  expect(await ingester.exited).toBe(1)
})

test('answers 503 with the reason while BigQuery fails, and 200 when it is back', async () => {
  cloud.table.answer = () => ({ status: 403, body: { error: { code: 403, message: 'no entry' } } })
  await cloud.publish(['{}'])
  const ingester = runIngester({ ...cloud.env, BATCH_MAX_AGE_MS: '10' })
  const { port } = await ingester.until('started')
  const ask = () => fetch(`http://127.0.0.1:${port}/health`)
  await eventually(async () => (await ask()).status === 503)
  expect(await (await ask()).json()).toEqual({ healthy: false, reasons: ['BigQuery: no entry'] })

  cloud.table.answer = () => undefined

  await eventually(async () => (await ask()).status === 200)
  await eventually(async () => (await cloud.backlog()).unacked === 0)
  ingester.child.kill('SIGTERM')
  expect(await ingester.exited).toBe(0)
})

test('a row that BigQuery refuses lands as bytes and takes no other row along', async () => {
  cloud.table.answer = (sent) => {
    const index = sent.findIndex(({ json }) => String(json['payload']).includes('"bad"'))
    const errors = [{ reason: 'invalid', message: 'no such thing' }]
    return index < 0 ? undefined : { status: 200, body: { insertErrors: [{ index, errors }] } }
  }
  const published = ['{"a":1}', '{"bad":1}', '{"b":1}']
  const ids = await cloud.publish(published)
  const ingester = runIngester({ ...cloud.env, BATCH_MAX_AGE_MS: '50' })
  await eventually(async () => (await cloud.backlog()).unacked === 0)
  ingester.child.kill('SIGTERM')
  await ingester.exited

  expect(cloud.table.rows.map(({ insertId }) => insertId).toSorted()).toEqual(ids.toSorted())
  const bad = cloud.table.rows.find(({ insertId }) => insertId === ids[1])?.json
  expect(Buffer.from(String(bad?.['raw_payload']), 'base64').toString()).toBe('{"bad":1}')
  expect(bad?.['errors']).toContainEqual({
    code: 'refused_by_bigquery',
    path: '',
    message: 'invalid: no such thing',
  })
})

test('names every wrong variable at once and ends with 2', async () => {
  const { GOOGLE_CLOUD_PROJECT: _, ...rest } = cloud.env
  const ingester = runIngester({ ...rest, RAW_TABLE: 'raw_events', PORT: 'eighty' })

  expect(await ingester.exited).toBe(2)
  expect(ingester.stderr().trim().split('\n')).toEqual([
    'GOOGLE_CLOUD_PROJECT is missing: expected the id of a Google Cloud project, such as shop-events.',
    'RAW_TABLE is "raw_events": expected dataset.table, such as raw.raw_events.',
    'PORT is "eighty": expected a whole number from 0 to 65535.',
  ])
})

test('names everything that does not exist at once and ends with 1', async () => {
  cloud.table.metadata = () => ({ status: 404, body: {} })
  const ingester = runIngester({ ...cloud.env, SUBSCRIPTION: 'nobody', BUCKET: 'nowhere' })

  expect(await ingester.exited).toBe(1)
  expect(ingester.stderr().trim().split('\n')).toEqual([
    'The subscription projects/shop-events/subscriptions/nobody (SUBSCRIPTION) does not exist.',
    'The bucket gs://nowhere (BUCKET) does not exist.',
    'The table shop-events.raw.raw_events (RAW_TABLE) does not exist: run npm run ddl.',
  ])
})

test('what it may not use is named and ends it with 1', async () => {
  cloud.table.metadata = () => ({
    status: 403,
    body: { error: { code: 403, message: 'no entry' } },
  })
  const ingester = runIngester(cloud.env)

  expect(await ingester.exited).toBe(1)
  expect(ingester.stderr()).toBe(
    'The table shop-events.raw.raw_events (RAW_TABLE) is not open to this account: no entry\n',
  )
})

/** As it is started everywhere: what stops it is told to npm. */
const throughNpm = { command: 'npm', args: ['run', '--silent', 'ingest'] }

test('it starts while every service is away, says so, lands when they are there, and ends when npm is told to', async () => {
  await cloud.stopServices()
  const ingester = runIngester({ ...cloud.env, BATCH_MAX_AGE_MS: '10' }, throughNpm)
  const { port } = await ingester.until('started')
  const ask = () => fetch(`http://127.0.0.1:${port}/health`)
  const reasons = async (): Promise<string[]> => JSON.parse(await (await ask()).text()).reasons
  await eventually(async () => (await reasons()).length === 3)
  expect((await ask()).status).toBe(503)
  expect((await reasons()).toSorted()).toEqual([
    expect.stringMatching(/^BigQuery: .*ECONNREFUSED/),
    expect.stringMatching(/^Cloud Storage: .*ECONNREFUSED/),
    expect.stringMatching(/^Pub\/Sub: 14 UNAVAILABLE/),
  ])

  await cloud.startServices()

  await ingester.until('BigQuery is there')
  await ingester.until('Cloud Storage is there')
  await eventually(async () => (await ask()).status === 200)
  await cloud.publish(['{}'])
  await eventually(async () => cloud.table.rows.length === 1)
  ingester.child.kill('SIGTERM')
  expect(await ingester.exited).toBe(0)
  expect(ingester.log.at(-1)).toMatchObject({ message: 'stopped', landed: 1 })
})

test('a table that turns out not to exist when BigQuery is back keeps it unhealthy until it does', async () => {
  cloud.table.metadata = () => ({ status: 503, body: { error: { code: 503, message: 'away' } } })
  const ingester = runIngester(cloud.env)
  const { port } = await ingester.until('started')
  const ask = async (): Promise<unknown> => (await fetch(`http://127.0.0.1:${port}/`)).json()
  await eventually(async () => JSON.stringify(await ask()).includes('BigQuery: away'))

  cloud.table.metadata = () => ({ status: 404, body: {} })
  await eventually(async () => JSON.stringify(await ask()).includes('npm run ddl'))
  cloud.table.metadata = () => undefined

  await ingester.until('BigQuery is there')
  expect(await ask()).toEqual({ healthy: true, reasons: [] })
  ingester.child.kill('SIGTERM')
  expect(await ingester.exited).toBe(0)
})

test('says that its port is taken', async () => {
  const port = String(cloud.table.port)
  const ingester = runIngester({ ...cloud.env, PORT: port })

  expect(await ingester.exited).toBe(1)
  expect(ingester.stderr()).toBe(`PORT ${port} is in use by another process.\n`)
})

test('a subscription that vanishes makes it unhealthy until there is one again', async () => {
  const ingester = runIngester({ ...cloud.env, BATCH_MAX_AGE_MS: '10' })
  const { port } = await ingester.until('started')
  const ask = () => fetch(`http://127.0.0.1:${port}/`)
  expect((await ask()).status).toBe(200)

  await cloud.deleteSubscription()
  await eventually(async () => (await ask()).status === 503)
  expect(await (await ask()).text()).toContain('Pub/Sub: 5 NOT_FOUND')

  await cloud.createSubscription()
  await cloud.publish(['{}'])
  await eventually(async () => (await ask()).status === 200)
  await eventually(async () => (await cloud.backlog()).unacked === 0)
  ingester.child.kill('SIGTERM')
  expect(await ingester.exited).toBe(0)
})

test('missing credentials are one sentence', async () => {
  const { PUBSUB_EMULATOR_HOST: _, ...rest } = cloud.env
  const ingester = runIngester({ ...rest, HOME: '/nonexistent' })

  expect(await ingester.exited).toBe(1)
  expect(ingester.stderr()).toMatch(/^Could not load the default credentials\..*\n$/)
})
