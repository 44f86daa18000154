import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestBigQuery, type TestBigQuery } from './test-bigquery.ts'

const run = promisify(execFile)
const require = createRequire(import.meta.url)

let folder: string
let local: TestBigQuery

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'clients-test-'))
  local = await startTestBigQuery()
})

afterAll(async () => {
  await local.endpoint.stop()
  await rm(folder, { recursive: true })
})

/** What keeps Google's clients on this machine. */
function environment() {
  return {
    PATH: process.env.PATH,
    HOME: folder,
    BIGQUERY_EMULATOR_HOST: local.origin,
    METADATA_SERVER_DETECTION: 'none',
    CLOUDSDK_CONFIG: join(folder, 'gcloud'),
  }
}

async function land(id: string) {
  const row = { id, payload: '{"n":1}', happened_at: '2025-02-08T13:09:00Z' }
  await local.bigQuery.dataset('raw').table('raw_events').insert([row])
}

async function ids() {
  const [rows] = await local.bigQuery.query('select id from events.events order by id')
  return rows.map(({ id }: { id: string }) => id)
}

async function bq(...args: string[]) {
  const own = ['--api', local.origin, '--oauth_access_token=any', '--project_id=shop-events']
  const { stdout } = await run('bq', [...own, '--format=json', ...args], { env: environment() })
  return stdout
}

describe('the Dataform CLI', () => {
  const files: Record<string, string> = {
    'package.json': '{}',
    'dataform.json': JSON.stringify({
      warehouse: 'bigquery',
      defaultDatabase: 'shop-events',
      defaultSchema: 'events',
      assertionSchema: 'events_assertions',
      defaultLocation: 'US',
    }),
    '.df-credentials.json': JSON.stringify({ projectId: 'shop-events', location: 'US' }),
    'definitions/raw_events.sqlx':
      "config { type: 'declaration', schema: 'raw', name: 'raw_events' }\n",
    'definitions/stg_events.sqlx':
      "config { type: 'view', schema: 'staging' }\n" +
      'select id, lax_int64(payload.n) as n, date(happened_at) as day from ${ref("raw_events")}\n',
    'definitions/events.sqlx':
      "config { type: 'incremental', uniqueKey: ['id'], bigquery: { partitionBy: 'day' },\n" +
      "  description: 'One row per event.', columns: { id: 'The key.' },\n" +
      "  assertions: { uniqueKey: ['id'] } }\n" +
      'select id, n, day from ${ref("stg_events")}\n' +
      '${when(incremental(), `where id not in (select id from ${self()})`)}\n',
    'definitions/stg_events_test.sqlx':
      "config { type: 'test', dataset: { schema: 'staging', name: 'stg_events' } }\n" +
      'input "raw_events" {\n' +
      `  select 'a' as id, json '{"n":"7"}' as payload, timestamp '2025-02-08 13:09:00' as happened_at\n` +
      '}\n' +
      "select 'a' as id, 7 as n, date '2025-02-08' as day\n",
  }
  let project: string

  beforeAll(async () => {
    project = join(folder, 'project')
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(project, name)), { recursive: true })
      await writeFile(join(project, name), text)
    }
    // Dataform looks for its core in the project's own folder only.
    const core = dirname(require.resolve('@dataform/core/package.json'))
    await cp(core, join(project, 'node_modules/@dataform/core'), { recursive: true })

    const { bigQuery } = local
    await bigQuery.createDataset('raw')
    await bigQuery.dataset('raw').createTable('raw_events', {
      schema: [
        { name: 'id', type: 'STRING' },
        { name: 'payload', type: 'JSON' },
        { name: 'happened_at', type: 'TIMESTAMP' },
      ],
    })
    await land('a')
    await land('b')
  })

  async function dataform(...args: string[]) {
    const cli = join(dirname(require.resolve('@dataform/cli/package.json')), 'bundle.js')
    const { stdout } = await run(process.execPath, [cli, ...args, project], { env: environment() })
    return stdout
  }

  test('tests and runs, runs again incrementally, and refreshes to the same rows', async () => {
    expect(await dataform('run', '--run-tests')).toContain('stg_events_test')
    expect(await ids()).toEqual(['a', 'b'])

    await land('c')
    await dataform('run')
    expect(await ids()).toEqual(['a', 'b', 'c'])

    await dataform('run', '--full-refresh')
    expect(await ids()).toEqual(['a', 'b', 'c'])
    const [metadata] = await local.bigQuery.dataset('events').table('events').getMetadata()
    expect(metadata).toMatchObject({
      description: 'One row per event.',
      timePartitioning: { type: 'DAY', field: 'day' },
      schema: { fields: [{ name: 'id', description: 'The key.' }, { name: 'n' }, { name: 'day' }] },
    })
  })
})

describe.skipIf(!isInstalled('bq'))('the bq command', () => {
  test('loads a file and queries it', async () => {
    const file = join(folder, 'events.csv')
    await writeFile(file, 'id,n\na,1\nb,2\n')
    await local.bigQuery.createDataset('by_bq')

    await bq('load', '--skip_leading_rows=1', 'by_bq.events', file, 'id:STRING,n:INTEGER')
    const answer = await bq(
      'query',
      '--nouse_legacy_sql',
      '--parameter=least:INT64:2',
      'select id, n from by_bq.events where n >= @least',
    )

    expect(JSON.parse(answer)).toEqual([{ id: 'b', n: '2' }])
  })
})

describe("Google's client for Node", () => {
  test('binds parameters of every kind', async () => {
    const [rows] = await local.bigQuery.query({
      query:
        'select @text as text, @number + 1 as number, @day as day, @list as list, @struct.a as a, ' +
        '@bytes as bytes, @missing as missing',
      params: {
        text: "it's",
        number: 41,
        day: local.bigQuery.date('2025-02-08'),
        list: ['x', 'y'],
        struct: { a: true },
        bytes: 'aGk=',
        missing: null,
      },
      types: { missing: 'STRING', bytes: 'BYTES' },
    })

    expect(rows).toMatchObject([
      { text: "it's", number: 42, day: { value: '2025-02-08' }, list: ['x', 'y'], a: true },
    ])
    expect(rows[0].bytes.toString()).toBe('hi')
    expect(rows[0].missing).toBeNull()
    const [positional] = await local.bigQuery.query({ query: 'select ? - ? as d', params: [5, 2] })
    expect(positional).toEqual([{ d: 3 }])
  })

  test('reads a result in pages, from jobs.query and from a job', async () => {
    const query = 'select n from unnest(generate_array(1, 25)) as n order by n'
    const expected = Array.from({ length: 25 }, (_, index) => ({ n: index + 1 }))

    expect((await local.bigQuery.query({ query, maxResults: 10 }))[0]).toEqual(expected)
    const [job] = await local.bigQuery.createQueryJob({ query })
    const [page, next] = await job.getQueryResults({ maxResults: 20, autoPaginate: false })
    expect(page).toHaveLength(20)
    const [rest, end] = await job.getQueryResults({ ...next, autoPaginate: false })
    expect([...page, ...rest]).toEqual(expected)
    expect(end).toBeFalsy()
  })

  test('reads times to the microsecond', async () => {
    const [rows] = await local.bigQuery.query(
      "select timestamp '2025-02-08 13:09:00.123456' as t, [timestamp '1969-12-31 23:59:59'] as l",
    )

    expect(rows[0].t.value).toBe('2025-02-08T13:09:00.123456000Z')
    expect(rows[0].l[0].value).toBe('1969-12-31T23:59:59.000Z')
  })
})

function isInstalled(command: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter)
  return folders.some((path) => existsSync(join(path, command)))
}
