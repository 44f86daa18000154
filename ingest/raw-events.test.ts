import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { BigQuery } from '@google-cloud/bigquery'
import { Storage } from '@google-cloud/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startBigQuery } from '../local/bigquery/start-bigquery.ts'
import type { Endpoint } from '../local/endpoint.ts'
import { sampleEvents } from './testing-events.ts'
import { eventually, projectId, runIngester, startCloud, type Cloud } from './testing.ts'

let cloud: Cloud
let endpoint: Endpoint
let env: NodeJS.ProcessEnv

beforeAll(async () => {
  cloud = await startCloud()
  const storageHost = cloud.env.STORAGE_EMULATOR_HOST
  endpoint = await startBigQuery({ port: 0, dataFolder: ':memory:', storageHost })
  env = { ...cloud.env, BIGQUERY_EMULATOR_HOST: `http://${endpoint.address}` }
})
afterAll(async () => {
  await endpoint.stop()
  await cloud.stop()
})

async function createTables(): Promise<void> {
  const ddl = spawn('node', [new URL('../ddl/main.ts', import.meta.url).pathname], { env })
  const [code] = await once(ddl, 'close')
  expect(code).toBe(0)
}

test('rows in raw_events say what their lines say, and the files can be loaded in their place', async () => {
  const before = runIngester(env)
  expect(await before.exited).toBe(1)
  expect(before.stderr()).toBe(
    'The table shop-events.raw.raw_events (RAW_TABLE) does not exist: run npm run ddl.\n',
  )

  await createTables()
  const { order, inventory, user_activity } = sampleEvents
  const note = 'quote " backslash \\ NUL \0 separator \u2028 smile 😀'
  await cloud.publish(
    [
      JSON.stringify({ ...order, note }, null, 2),
      JSON.stringify(inventory),
      JSON.stringify({ ...user_activity, timestamp: 'yesterday' }),
      '{"event_type":"order","n":123456789012345678901234567890}',
      Buffer.from([0xff, 0x00]),
    ],
    { origin: 'web "x"' },
  )
  const ingester = runIngester({ ...env, BATCH_MAX_AGE_MS: '50' })
  await eventually(async () => (await cloud.backlog()).unacked === 0)
  ingester.child.kill('SIGTERM')
  await ingester.exited
  expect(ingester.log.filter(({ severity }) => severity !== 'INFO')).toEqual([])

  const bigquery = new BigQuery({ projectId, apiEndpoint: `http://${endpoint.address}` })
  const read = async () =>
    (
      await bigquery.query(
        `select message_id, format_timestamp('%FT%H:%M:%E3SZ', publish_time) as publish_time, event_type,
       to_json_string(payload) as payload, to_base64(raw_payload) as raw_payload,
       to_json_string(errors) as errors, to_json_string(attributes) as attributes, source, object_name
     from raw.raw_events where ingest_time > timestamp '2025-01-01'
     order by message_id`,
      )
    )[0]
  const rows = await read()

  const lines = cloud.lines().map(({ line }) => JSON.parse(line))
  expect(lines).toHaveLength(5)
  for (const line of lines) {
    const row = rows.find(({ message_id }) => message_id === line.message_id)
    expect({
      ...row,
      payload: JSON.parse(row.payload),
      raw_payload: row.raw_payload ?? undefined,
      errors: JSON.parse(row.errors),
      attributes: JSON.parse(row.attributes),
    }).toEqual({ errors: [], payload: null, raw_payload: undefined, ...line })
  }

  await bigquery.query(`truncate table raw.raw_events`)
  const storage = new Storage({ projectId, apiEndpoint: cloud.env.STORAGE_EMULATOR_HOST })
  await bigquery
    .dataset('raw')
    .table('raw_events')
    .load(storage.bucket(cloud.env.BUCKET).file('output/*.json'), {
      sourceFormat: 'NEWLINE_DELIMITED_JSON',
    })
  expect(await read()).toEqual(rows)
})
