import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { imbalances } from '../../local/demo/balance.ts'
import { createResources } from '../../local/demo/create-resources.ts'
import { drain } from '../../local/demo/drain.ts'
import { bucket, projectId, topic } from '../../local/demo/names.ts'
import { openCloud, type OpenCloud } from '../../local/demo/open-cloud.ts'
import { createProducer, type Producer } from '../../local/demo/producer.ts'
import { readFiles } from '../../local/demo/read-files.ts'
import { readTables } from '../../local/demo/read-tables.ts'
import { runDataform, type DataformRun } from '../../local/demo/run-dataform.ts'
import type { Child } from '../../local/demo/start-child.ts'
import { startIngester } from '../../local/demo/start-ingester.ts'
import type { Publication } from '../../local/generator/faults.ts'
import { createPublisher, type Publisher } from '../../local/generator/publish.ts'
import { asPublication, poisonSet, type Poison } from './poison.ts'
import { changedRows, readEveryRow } from './rows.ts'

/** Seconds on a quiet machine. */
const timeout = 180_000
/** Printed; `SEED=… npx vitest run test/end-to-end` repeats the events. */
const seed = Number(process.env['SEED'] ?? Math.floor(Math.random() * 2 ** 31))
const faults = { malformed: 0.05, duplicates: 0.05, late: 0.05, outOfOrder: 0.05 }

let folder: string
let cloud: OpenCloud
let publisher: Publisher
let producer: Producer
let ingesters: Child[]
let unitTests: Promise<PromiseSettledResult<DataformRun>[]>

/** What was published beside the producer's own, by message id. */
const poison = new Map<string, Poison>()

beforeAll(async () => {
  console.log(`seed ${seed}`)
  folder = await mkdtemp(join(tmpdir(), 'end-to-end-'))
  cloud = await openCloud(folder)
  for (const [name, value] of Object.entries(cloud.environment)) vi.stubEnv(name, value)
  await createResources()
  // They need nothing of what the others do, and take seconds.
  unitTests = Promise.allSettled([dataform('test')])
  publisher = await createPublisher(projectId, topic)
  producer = createProducer({ publisher, seed, faults, events: 2000 })
  ingesters = ['first', 'second'].map((name) => startIngester(cloud, join(folder, `${name}.log`)))
}, timeout)

afterAll(async () => {
  await Promise.all(ingesters.map((ingester) => ingester.stop('SIGKILL')))
  await publisher.close()
  await cloud.stop()
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true })
}, timeout)

/** Everything that was published so far. */
function truth(): Map<string, Publication> {
  const extra = [...poison].map(([id, item]) => [id, asPublication(item)] as const)
  return new Map([...producer.truth, ...extra])
}

/** Until every message is acknowledged; an ingester that ends in between fails the test. */
async function landed(): Promise<void> {
  const failures = ingesters.map((ingester) => ingester.failure)
  await Promise.race([drain(cloud.pubsubAddress), ...failures])
}

function dataform(...args: Parameters<typeof runDataform>[1]) {
  return runDataform(cloud, args, join(folder, `dataform-${Date.now()}.log`))
}

async function difference(): Promise<string[]> {
  return imbalances(truth(), await readFiles(cloud.storageFolder), await readTables())
}

test('two ingesters land everything, and nothing blocks anything else', { timeout }, async () => {
  await producer.publish(500)
  for (const item of poisonSet()) {
    const [id = ''] = await publisher.publish([item.data])
    poison.set(id, item)
  }
  await producer.publish(1000)
  await landed()

  const { lines } = await readFiles(cloud.storageFolder)
  expect(new Set(lines.map(({ message_id }) => message_id))).toEqual(new Set(truth().keys()))
  expect(lines.filter(({ file, object_name }) => file !== object_name)).toEqual([])
})

test('files lie in the folder of their type and publish minute, and nowhere else', async () => {
  const form =
    /^output\/(order|inventory|user_activity|unknown)\/(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\/(\d\d)\/\1_\2\3\4\5\6\d{4}\.json$/
  const root = join(cloud.storageFolder, bucket)
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const names = files.map(({ parentPath, name }) => join(parentPath, name).slice(root.length + 1))

  expect(names.length).toBeGreaterThan(3)
  expect(names.filter((name) => !form.test(name))).toEqual([])
})

test('a poisonous message lands token for token, or as its exact bytes', async () => {
  const { lines } = await readFiles(cloud.storageFolder)
  const wrong: string[] = []
  for (const [id, { name, data, isText }] of poison) {
    const file = lines.find(({ message_id }) => message_id === id)?.file ?? ''
    const text = await readFile(join(cloud.storageFolder, bucket, file))
    const expected = isText
      ? data.toString().replaceAll(/[\r\n]/g, ' ')
      : `"raw_payload":"${data.toString('base64')}"`
    if (!text.includes(expected)) wrong.push(name)
  }

  expect(wrong).toEqual([])
})

test('the unit tests of the SQL models pass', { timeout }, async () => {
  const [run] = await unitTests

  expect(run).toMatchObject({ status: 'fulfilled' })
})

test('Dataform types every event once and rejects the others', { timeout }, async () => {
  const { assertionsPassed } = await dataform('run')

  expect(assertionsPassed).toBeGreaterThan(5)
  expect(await difference()).toEqual([])
})

test('a poisonous message is rejected for its own reason, or typed', async () => {
  const { rejected, typed } = await readTables()
  const reasons = new Map(rejected.map(({ message_id, reasons: [first] }) => [message_id, first]))
  const found = [...poison].map(([id, { name }]) => [name, reasons.get(id)?.code])
  const expected = [...poison.values()].map(({ name, reason }) => [name, reason])

  expect(found).toEqual(expected)
  const typedIds = new Set(typed.map(({ message_id }) => message_id))
  const harmless = [...poison].filter(([, { identity }]) => identity)
  expect(harmless.filter(([id]) => !typedIds.has(id))).toEqual([])
})

test('a second run changes nothing', { timeout }, async () => {
  const before = await readEveryRow()
  await dataform('run')

  expect(changedRows(before, await readEveryRow())).toEqual([])
})

test('an ingester that is told to stop loses nothing', { timeout }, async () => {
  const [first, ...others] = ingesters
  const publishing = producer.publish(500)
  ingesters = others
  expect(await first?.stop()).toBe(0)
  await publishing
  await landed()

  await dataform('run')
  expect(await difference()).toEqual([])
})

test('a full refresh gives the same rows as the incremental runs', { timeout }, async () => {
  const incremental = await readEveryRow()
  await dataform('run', '--full-refresh')

  expect(changedRows(incremental, await readEveryRow())).toEqual([])
  expect(await difference()).toEqual([])
})
