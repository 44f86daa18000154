import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Endpoint } from '../local/endpoint.ts'
import { startBigQuery } from '../local/bigquery/start-bigquery.ts'

let endpoint: Endpoint
let empty: string

beforeAll(async () => {
  endpoint = await startBigQuery({ port: 0, dataFolder: ':memory:' })
  empty = await mkdtemp(join(tmpdir(), 'ddl-'))
})
afterAll(async () => {
  await endpoint.stop()
  await rm(empty, { recursive: true })
})

type Outcome = { code: number; stdout: string; stderr: string }

function ddl(env: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const clean = {
    PATH: process.env.PATH,
    METADATA_SERVER_DETECTION: 'none',
    CLOUDSDK_CONFIG: empty,
  }
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['ddl/main.ts'],
      { env: { ...clean, ...env } },
      (error, stdout, stderr) => resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    )
  })
}

test('makes every dataset and table, and leaves them alone the second time', async () => {
  const env = {
    GOOGLE_CLOUD_PROJECT: 'shop-events',
    BIGQUERY_EMULATOR_HOST: `http://${endpoint.address}`,
  }

  const first = await ddl(env)
  const second = await ddl(env)

  expect(first).toMatchObject({ code: 0, stderr: '' })
  expect(first.stdout).toMatch(/^raw_events: created$/m)
  expect(first.stdout).toMatch(/^raw.raw_events keeps partitions for 90 days: set$/m)
  expect(second).toMatchObject({ code: 0, stderr: '' })
  expect(second.stdout).toMatch(/^raw_events: exists$/m)
  expect(second.stdout).not.toContain('created')
})

test('names what is missing from the environment', async () => {
  expect(await ddl()).toEqual({
    code: 2,
    stdout: '',
    stderr:
      'npm run ddl: missing from the environment: GOOGLE_CLOUD_PROJECT\nTry: npm run ddl -- --help\n',
  })
})

test('says in a sentence that BigQuery cannot be reached', async () => {
  const { code, stderr } = await ddl({
    GOOGLE_CLOUD_PROJECT: 'shop-events',
    BIGQUERY_EMULATOR_HOST: 'http://127.0.0.1:1',
  })

  expect(code).toBe(1)
  expect(stderr).toMatch(/^npm run ddl: \w+ could not be applied: .*ECONNREFUSED 127.0.0.1:1.*\n$/)
})
