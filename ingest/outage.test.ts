import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import { Storage } from '@google-cloud/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBigQuery } from '../local/bigquery/start-bigquery.ts'
import type { Endpoint } from '../local/endpoint.ts'
import { createLoadJobs } from './bigquery-load-jobs.ts'
import { createRequest } from './bigquery-request.ts'
import { sampleEvents } from './testing-events.ts'
import { eventually, projectId, runIngester, startCloud, type Cloud } from './testing.ts'

const dataFolder = mkdtempSync(join(tmpdir(), 'outage-'))
let cloud: Cloud
let endpoint: Endpoint
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  cloud = await startCloud()
  endpoint = await startWarehouse(0)
  env = {
    ...cloud.env,
    BIGQUERY_EMULATOR_HOST: `http://${endpoint.address}`,
    BATCH_MAX_AGE_MS: '50',
    BREAKER_SECONDS: '1',
    LOAD_EVERY_SECONDS: '1',
  }
  const ddl = spawn('node', [new URL('../ddl/main.ts', import.meta.url).pathname], { env })
  await once(ddl, 'close')
})
afterAll(async () => {
  await endpoint.stop()
  await cloud.stop()
  rmSync(dataFolder, { recursive: true })
})

function startWarehouse(port: number): Promise<Endpoint> {
  return startBigQuery({ port, dataFolder, storageHost: cloud.env.STORAGE_EMULATOR_HOST })
}

function client(): BigQuery {
  return new BigQuery({ projectId, apiEndpoint: `http://${endpoint.address}` })
}

async function readRows(): Promise<Record<string, unknown>[]> {
  const [rows] = await client().query(
    `select message_id, to_json_string(payload) as payload, to_base64(raw_payload) as raw_payload,
       array(select code from unnest(errors)) as codes, to_json_string(attributes) as attributes,
       object_name, unix_millis(ingest_time) as ingested
     from raw.raw_events where ingest_time > timestamp '2025-01-01' order by message_id`,
  )
  return rows
}

const order = JSON.stringify({ ...sampleEvents.order, note: 'quote " and \u2028' })

test('what lands while BigQuery is down is loaded when it is back, though the ingester was killed', async () => {
  const first = runIngester(env)
  const early = await cloud.publish([order])
  await eventually(async () => (await cloud.backlog()).unacked === 0)
  expect(cloud.pending()).toEqual([])

  await endpoint.stop()
  const late = await cloud.publish([order, '{"event_type":"order"}', Buffer.from([0xff])], {
    origin: 'web "x"',
  })
  await eventually(async () => (await cloud.backlog()).unacked === 0)
  first.child.kill('SIGKILL')
  await first.exited
  const noted = cloud.pending().map((name) => name.replace('pending/', ''))
  expect(new Set(noted)).toEqual(
    new Set(
      cloud
        .lines()
        .slice(-3)
        .map((line) => line.objectName),
    ),
  )

  endpoint = await startWarehouse(endpoint.port)
  const back = Date.now()
  const second = runIngester(env)
  await second.until('pending files loaded')
  await eventually(() => cloud.pending().join() === 'pending/loads.json')
  const afterwards = await cloud.publish(['{}'])
  await eventually(async () => (await cloud.backlog()).unacked === 0)
  second.child.kill('SIGTERM')
  expect(await second.exited).toBe(0)

  const rows = await readRows()
  expect(rows.map((row) => row['message_id']).toSorted()).toEqual(
    [...early, ...late, ...afterwards].toSorted(),
  )
  for (const { line } of cloud.lines()) {
    const {
      message_id,
      payload,
      raw_payload,
      errors = [],
      attributes,
      object_name,
    } = JSON.parse(line)
    const row = rows.find((one) => one['message_id'] === message_id)
    const json = (column: string) => JSON.parse(String(row?.[column]))
    expect({
      ...row,
      payload: json('payload'),
      attributes: json('attributes'),
    }).toMatchObject({
      payload: payload ?? null,
      raw_payload: raw_payload ?? null,
      codes: errors.map(({ code }: { code: string }) => code),
      attributes: attributes ?? null,
      object_name,
    })
    const isLate = Number(row?.['ingested']) > back
    expect(isLate).toBe(!early.includes(message_id))
  }
})

test('in load mode every row comes by a load job', async () => {
  const ingester = runIngester({ ...env, LANDING_MODE: 'load' })
  const ids = await cloud.publish([order, order, '{}'])
  await eventually(async () => {
    const landed = (await readRows()).map((row) => row['message_id'])
    return ids.every((id) => landed.includes(id))
  })
  ingester.child.kill('SIGTERM')
  expect(await ingester.exited).toBe(0)

  const landed = ingester.log.filter(({ message }) => message === 'landed')
  expect(landed.map(({ pending }) => pending)).toEqual(landed.map(() => true))
  const rows = await readRows()
  expect(rows.filter((row) => ids.includes(String(row['message_id'])))).toHaveLength(3)
})

test('a load job runs once for its id and names the file that it could not read', async () => {
  const bucket = new Storage({ projectId, apiEndpoint: cloud.env.STORAGE_EMULATOR_HOST }).bucket(
    cloud.env.BUCKET,
  )
  const [good = '', bad] = ['test/good.json', 'test/bad.json']
  const line = { message_id: 'x', publish_time: '2025-02-08T13:09:59Z', event_type: 'order' }
  await bucket.file(good).save(`${JSON.stringify({ ...line, payload: {}, source: 'pubsub' })}\n`)
  await bucket.file(bad).save('{"message_id":\n')
  const target = { projectId, bucket: cloud.env.BUCKET, dataset: 'raw', table: 'raw_events' }
  const jobs = createLoadJobs(createRequest(client()), target)
  async function end(id: string, names: string[]) {
    for (;;) {
      const job = await jobs.run(id, names)
      if (job.state !== 'running') return job
    }
  }

  expect(await end('both', [good, bad])).toMatchObject({
    state: 'failed',
    reason: 'invalid',
    objectNames: [bad],
  })
  expect(await end('one', [good])).toEqual({ state: 'done', rows: 1 })
  expect(await end('one', [good])).toEqual({ state: 'done', rows: 1 })
  expect((await readRows()).filter((row) => row['message_id'] === 'x')).toHaveLength(1)
})
