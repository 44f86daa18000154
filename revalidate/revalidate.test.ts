import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Storage, type Bucket } from '@google-cloud/storage'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createBatcher } from '../ingest/batcher.ts'
import { createRowTable } from '../ingest/bigquery-table.ts'
import { createObjectStore } from '../ingest/cloud-storage.ts'
import { createValidators, type Validators } from '../ingest/contract-validators.ts'
import { createFileLander } from '../ingest/land-file.ts'
import { encodeLines } from '../ingest/line.ts'
import { landRows } from '../ingest/land-rows.ts'
import { readContracts } from '../ingest/read-contracts.ts'
import { event as eventWith, message, sampleEvents } from '../ingest/testing-events.ts'
import { asRefused, toEvent } from '../ingest/to-event.ts'
import { projectId } from '../local/demo/names.ts'
import { startStorage } from '../local/storage/start-storage.ts'
import { openModels, runAll, type Models } from '../test/law/models.ts'
import { createSecondLanding } from './land-again.ts'
import { revalidate as holdAgainstContracts } from './revalidate.ts'

// Seconds on a quiet machine.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let folder: string
let storage: Awaited<ReturnType<typeof startStorage>>
let bucket: Bucket
let models: Models

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'revalidate-'))
  storage = await startStorage({ port: 0, folder })
  const client = new Storage({
    projectId,
    apiEndpoint: `http://${storage.address}`,
  })
  ;[bucket] = await client.createBucket('landing')
  models = await openModels()
})
afterAll(async () => {
  await Promise.all([models.warehouse.stop(), storage.stop()])
  await rm(folder, { recursive: true })
})

const hourMs = 3_600_000
/** The eleventh minute of the hour before this one, and the twelfth. */
const publishTime = new Date(Date.now() - (Date.now() % hourMs) - 50 * 60_000).toISOString()
const aMinuteLater = new Date(Date.parse(publishTime) + 60_000).toISOString()
const { order, inventory } = sampleEvents
const orderOf = (changes: object) =>
  Buffer.from(JSON.stringify({ ...order, order_date: publishTime, ...changes }))

/** What was valid once: no order could be pending, and nobody knew of inventory. */
function earlierContracts(): Validators {
  const contracts = readContracts().filter(({ eventType }) => eventType !== 'inventory')
  return createValidators(
    contracts.map((contract) => {
      const { properties } = contract.schema
      if (!properties['status']) return contract
      const status = { ...properties['status'], enum: ['shipped'] }
      return { ...contract, schema: { ...contract.schema, properties: { ...properties, status } } }
    }),
  )
}

const places = {
  store: () => createObjectStore(bucket),
  table: () => createRowTable(models.warehouse.bigquery, { dataset: 'raw', table: 'raw_events' }),
}
const once = <T>(action: () => Promise<T>) => action()

/** Lands messages as the ingester did when the earlier contracts were valid; BigQuery refuses `refused`. */
async function landEarlier(messages: Record<string, Buffer>, published = publishTime) {
  const batcher = createBatcher({ maxMessages: 100, maxBytes: 2 ** 20, maxAgeMs: 0 })
  const validators = earlierContracts()
  for (const [messageId, data] of Object.entries(messages)) {
    const event = message({ messageId, publishTime: published, data })
    batcher.add(toEvent(event, validators, 0), 0)
  }
  const landFile = createFileLander(places.store())
  for (const batch of batcher.takeDue(Number.POSITIVE_INFINITY)) {
    const objectName = await landFile(batch, once)
    const rows = batch.events.map((event) =>
      event.messageId === 'refused' ? asRefused(event, 'invalid: why') : event,
    )
    await landRows(rows, objectName, places.table(), once)
  }
}

type Outcome = { code: number; stdout: string; stderr: string; summary: unknown }

/** The exit code, what the command says, and its summary if there is one. */
function revalidate(...args: string[]): Promise<Outcome> {
  return run('revalidate/main.ts', args)
}

function run(command: string, args: string[], changes = {}): Promise<Outcome> {
  const env = {
    ...process.env,
    GOOGLE_CLOUD_PROJECT: projectId,
    BUCKET: 'landing',
    RAW_TABLE: 'raw.raw_events',
    STORAGE_EMULATOR_HOST: `http://${storage.address}`,
    ...changes,
  }
  return new Promise((resolve) => {
    execFile(process.execPath, [command, ...args], { env }, (error, stdout, stderr) =>
      resolve({
        code: Number(error?.code ?? 0),
        stdout,
        stderr,
        summary: stdout.startsWith('{') ? JSON.parse(stdout) : undefined,
      }),
    )
  })
}

async function lines(): Promise<string[]> {
  const [files] = await bucket.getFiles()
  const contents = await Promise.all(files.map((file) => file.download()))
  return contents.flatMap(([content]) => content.toString().trimEnd().split('\n'))
}

const rejections = () =>
  models.warehouse.query(
    'select message_id, closed_by from events.rejected_events order by message_id',
  )

test('what keeps its contract by now lands once more, is typed, and its rejection closes', async () => {
  const nextWeek = new Date(Date.now() + 7 * 24 * hourMs).toISOString()
  const lastYear = new Date(Date.now() - 365 * 24 * hourMs).toISOString()
  await landEarlier({
    pending: orderOf({ status: 'pending', total_amount: 1.5 }),
    lost: orderOf({ status: 'lost' }),
    future: orderOf({ status: 'shipped', order_date: nextWeek }),
    old: orderOf({ status: 'pending', order_date: lastYear }),
    refused: orderOf({ status: 'shipped' }),
    stock: Buffer.from(JSON.stringify({ ...inventory, timestamp: publishTime })),
    text: Buffer.from('hello'),
  })
  const goods = { ...inventory, inventory_id: inventory.product_id, timestamp: publishTime }
  await landEarlier(
    {
      later: orderOf({ status: 'pending', order_date: aMinuteLater }),
      goods: Buffer.from(JSON.stringify(goods)),
    },
    aMinuteLater,
  )
  await runAll(models.warehouse, models.increments)
  const open = { open: 9, mended: 5, stillBroken: 2, waiting: 0, lasting: 2, unreadable: 0 }

  expect(await revalidate('--dry-run')).toMatchObject({
    code: 0,
    summary: { dryRun: true, ...open },
  })
  expect(await lines()).toHaveLength(9)

  expect(await revalidate('--code', 'not_allowed', '--since', aMinuteLater)).toMatchObject({
    code: 0,
    summary: { open: 1, mended: 1 },
  })
  expect(await revalidate()).toMatchObject({
    code: 0,
    summary: { ...open, mended: 4, waiting: 1 },
  })
  expect(await revalidate()).toMatchObject({ summary: { ...open, mended: 0, waiting: 5 } })

  const again = (await lines()).filter((line) => line.includes('"source":"revalidated"'))
  expect(again).toHaveLength(5)
  expect(again.join()).toContain(orderOf({ status: 'pending', total_amount: 1.5 }).toString())

  await landEarlier({ late: orderOf({ status: 'lost' }) })
  await runAll(models.warehouse, models.increments)
  expect(await rejections()).toEqual([
    { message_id: 'future', closed_by: null },
    { message_id: 'goods', closed_by: 'revalidated' },
    { message_id: 'late', closed_by: null },
    { message_id: 'later', closed_by: 'revalidated' },
    { message_id: 'lost', closed_by: null },
    { message_id: 'old', closed_by: null },
    { message_id: 'pending', closed_by: 'revalidated' },
    { message_id: 'refused', closed_by: null },
    { message_id: 'stock', closed_by: 'revalidated' },
    { message_id: 'text', closed_by: null },
  ])
  expect(
    await models.warehouse.query(`select
      sum(raw_events) as raw_events, sum(messages) as messages, sum(revalidated) as revalidated,
      sum(typed) as typed, sum(rejected) as rejected, sum(duplicates) as duplicates,
      sum(unaccounted) as unaccounted
    from events.ledger`),
  ).toEqual([
    {
      raw_events: 15,
      messages: 10,
      revalidated: 5,
      typed: 4,
      rejected: 10,
      duplicates: 1,
      unaccounted: 0,
    },
  ])
  // The old order keeps its contract, but has no place: to land it a third time would change nothing.
  expect(await revalidate()).toMatchObject({
    summary: { ...open, open: 6, mended: 0, stillBroken: 3, waiting: 1 },
  })
  expect(await run('verify/main.ts', [])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('Every line has its row, every row its line.'),
  })
})

test('a line that cannot be read is named, and the others are revalidated', async () => {
  const [files] = await bucket.getFiles({ prefix: 'output/unknown/' })
  const gone = files.map(({ name }) => name)
  await Promise.all(files.map((file) => file.delete()))

  const { code, stderr, summary } = await revalidate()

  expect({ code, summary }).toMatchObject({ code: 1, summary: { unreadable: 1, stillBroken: 2 } })
  expect(stderr).toContain(`message text: ${gone[0]}, which should hold the line, does not exist\n`)
})

test('a file that was left without its rows is taken up, and never that of the ingester', async () => {
  const event = toEvent(
    message({ messageId: 'only', data: orderOf({}), publishTime: '2025-02-08T13:09:00Z' }),
    createValidators(readContracts()),
    0,
  )
  const batcher = createBatcher({ maxMessages: 1, maxBytes: 2 ** 20, maxAgeMs: 0 })
  const own = batcher.add(event, 0)
  if (own) await createFileLander(places.store())(own, once)
  const bodies: string[] = []
  const table = (answer: () => void) => ({
    insert: async (body: Buffer) => {
      bodies.push(body.toString())
      answer()
      return []
    },
  })
  const landing = (answer: () => void) =>
    createSecondLanding({
      store: places.store(),
      table: table(answer),
      persistFile: once,
      persistRows: once,
    })

  const died = landing(() => {
    throw new Error('BigQuery is away')
  })([event])
  await expect(died).rejects.toThrow('BigQuery is away')
  await landing(() => {})([event])

  const [files] = await bucket.getFiles({ prefix: 'output/order/2025/02/08/13/09/' })
  expect(files.map(({ name }) => name.slice(-9))).toEqual(['0001.json', '0002.json'])
  expect(bodies).toHaveLength(2)
  expect(bodies[1]).toBe(bodies[0])
  expect(bodies[1]).toContain('"object_name":"output/order/2025/02/08/13/09/order_2025020813090002')
})

test('what is too much for one file lands in several', async () => {
  const sizes: string[] = []
  const land = createSecondLanding({
    store: {
      create: async (_name, _body, metadata) => (sizes.push(metadata.lines), true),
      batchIdOf: async () => undefined,
      list: async () => [],
    },
    table: { insert: async () => [] },
    persistFile: once,
    persistRows: once,
  })

  await land(Array.from({ length: 2_001 }, (_, index) => eventWith({ messageId: String(index) })))

  expect(sizes).toEqual(['2000', '1'])
})

test('what does not land is an error, and not mended', async () => {
  const data = orderOf({})
  const content = encodeLines(
    [toEvent(message({ data }), createValidators(readContracts()), 0)],
    'some file',
  )
  const holding = holdAgainstContracts({
    rejections: [
      {
        messageId: '1',
        minute: '2025-02-08T13:09',
        objectName: 'some file',
        codes: [],
        hasLanded: false,
      },
    ],
    validators: createValidators(readContracts()),
    readFile: async () => content,
    land: () => Promise.reject(new Error('BigQuery is away')),
    onProgress() {},
    onProblem() {},
  })

  await expect(holding).rejects.toThrow('BigQuery is away')
})

test('a wrong option is one sentence and exit code 2', async () => {
  expect(await revalidate('--all')).toMatchObject({
    code: 2,
    stderr: "npm run revalidate: Unknown option '--all'\nTry: npm run revalidate -- --help\n",
  })
})

test.each([
  [{ BUCKET: 'nowhere' }, /^npm run revalidate: Cloud Storage failed: .*bucket.*not exist.*\n$/],
  [{ RAW_TABLE: 'raw.nothing' }, /^npm run revalidate: BigQuery failed: .*raw.nothing.*\n$/],
  [
    { REJECTED_TABLE: 'events.nothing' },
    /^npm run revalidate: there is no table events.nothing \(REJECTED_TABLE\): npx dataform run makes it.*\n$/,
  ],
  [
    { REJECTED_TABLE: 'nowhere.rejected_events' },
    /^npm run revalidate: there is no table nowhere.rejected_events \(REJECTED_TABLE\): .*\n$/,
  ],
])('what does not exist is one sentence, with %j', async (changes, sentence) => {
  expect(await run('revalidate/main.ts', [], changes)).toMatchObject({
    code: 1,
    stderr: expect.stringMatching(sentence),
  })
})
