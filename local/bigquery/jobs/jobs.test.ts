import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { CopyTableMetadata, Dataset, Job } from '@google-cloud/bigquery'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { clientOf, refusal, startTestBigQuery, type TestBigQuery } from '../test-bigquery.ts'

let local: TestBigQuery
let dataset: Dataset

beforeAll(async () => {
  local = await startTestBigQuery()
  ;[dataset] = await local.bigQuery.createDataset('d')
})
afterAll(() => local.endpoint.stop())

type Answer = Record<string, unknown> & {
  status: unknown
  statistics: Record<string, unknown>
  jobReference: { jobId: string }
}

async function post(path: string, body: unknown) {
  const response = await fetch(`${local.origin}/projects/shop-events${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  return { status: response.status, body: (await response.json()) as Answer }
}

async function partsOf(jobId: string | undefined): Promise<Answer[]> {
  const jobs = await fetch(`${local.origin}/projects/shop-events/jobs?parentJobId=${jobId}`)
  return ((await jobs.json()) as { jobs: Answer[] }).jobs
}

function queryJob(query: string, options: Record<string, unknown> = {}) {
  return { configuration: { query: { query, useLegacySql: false }, ...options } }
}

test('an id that was used is refused, with the first job untouched', async () => {
  const jobId = 'once'
  const [job] = await local.bigQuery.createQueryJob({ query: 'select 1 as n', jobId })

  const again = local.bigQuery.createQueryJob({ query: 'select 2 as n', jobId })

  expect(await refusal(again)).toEqual({
    code: 409,
    reason: 'duplicate',
    message: 'Already Exists: Job shop-events:US.once',
  })
  const [rows] = await job.getQueryResults()
  expect(rows).toEqual([{ n: 1 }])
})

test('a query that is sent again with its requestId runs once', async () => {
  await local.bigQuery.query('create table d.requests as select 1 as n')
  const request = {
    query: 'insert d.requests values (2)',
    useLegacySql: false,
    requestId: 'the same',
  }

  const [first, second] = [await post('/queries', request), await post('/queries', request)]

  expect(second.body.jobReference).toEqual(first.body.jobReference)
  const [rows] = await dataset.table('requests').getRows()
  expect(rows).toEqual([{ n: 1 }, { n: 2 }])
})

test('a job tells what it did', async () => {
  await local.bigQuery.query('create table d.t as select 1 as n union all select 2')

  const labels = { layer: 'mart' }
  const [job] = await local.bigQuery.createQueryJob({
    query: 'update d.t set n = n + 1 where n > 1',
    labels,
  })
  await job.getQueryResults()

  const [metadata] = await job.getMetadata()
  expect(metadata).toMatchObject({
    status: { state: 'DONE' },
    configuration: { jobType: 'QUERY', labels },
    statistics: {
      query: {
        statementType: 'UPDATE',
        numDmlAffectedRows: '1',
        dmlStats: { insertedRowCount: '0', updatedRowCount: '1', deletedRowCount: '0' },
        cacheHit: false,
      },
    },
  })
})

test('a dry run tells columns and bytes, runs nothing and leaves no job', async () => {
  await local.bigQuery.query('create table d.dry (n int64, s string)')
  await local.bigQuery.query("insert d.dry values (1, 'abc')")
  const { body } = await post('/jobs', {
    ...queryJob('select n from d.dry', { dryRun: true }),
    jobReference: { jobId: 'dry' },
  })
  expect(body.statistics).toMatchObject({
    totalBytesProcessed: '8',
    query: { statementType: 'SELECT', schema: { fields: [{ name: 'n', type: 'INTEGER' }] } },
  })
  expect(await refusal(local.bigQuery.job('dry').getMetadata())).toMatchObject({ code: 404 })

  await post('/jobs', queryJob('drop table d.dry', { dryRun: true }))
  expect(await dataset.table('dry').exists()).toEqual([true])
})

/** What the job says of its end, however long that takes. */
async function statusAtEnd(jobId: string): Promise<unknown> {
  for (;;) {
    const [{ status }] = await local.bigQuery.job(jobId).getMetadata()
    if (status.state === 'DONE') return status
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

test('a wrong query is an error of its job, and of jobs.query at once', async () => {
  const { status, body } = await post('/jobs', queryJob('select nope from d.none'))
  expect(status).toBe(200)
  expect(await statusAtEnd(body.jobReference.jobId)).toMatchObject({
    errorResult: {
      reason: 'notFound',
      message: 'Not found: Table shop-events:d.none was not found in location US',
    },
  })

  const direct = await post('/queries', { query: 'select\n  nope', useLegacySql: false })
  expect(direct).toMatchObject({
    status: 400,
    body: {
      error: {
        errors: [
          {
            reason: 'invalidQuery',
            location: 'query',
            message: 'Unrecognized name: nope at [2:3]',
          },
        ],
      },
    },
  })
})

test.each([
  [{}, 'Required parameter is missing: configuration'],
  [{ configuration: {} }, 'Job configuration must contain exactly one job-specific configuration'],
  [{ configuration: { query: { query: '' } } }, 'Required parameter is missing: query'],
  [{ ...queryJob('select 1'), jobReference: { jobId: 'a b' } }, 'Invalid job ID "a b"'],
  [
    { configuration: { query: { query: 'select 1' } } },
    'not supported by the local engine: legacy SQL (set useLegacySql to false)',
  ],
  [
    queryJob('#legacySQL\nselect 1'),
    'Query text specifies use_legacy_sql:true, while API options specify:false',
  ],
])('the request %j is refused', async (request, message) => {
  const { body } = await post('/jobs', request)

  const { error, status } = body as { error?: { message: string }; status?: unknown }
  expect(JSON.stringify(error ?? status)).toContain(JSON.stringify(message).slice(1, -1))
})

test('a script has a job for each of its statements, and the result of the last', async () => {
  const [job] = await local.bigQuery.createQueryJob(
    'declare n int64 default 5; create temp table t as select n; select n + 1 as n from t',
  )

  expect((await job.getQueryResults())[0]).toEqual([{ n: 6 }])
  const [metadata] = await job.getMetadata()
  expect(metadata.statistics.query.statementType).toBe('SCRIPT')
  const jobs = await partsOf(job.id)
  expect(jobs.length).toBeGreaterThanOrEqual(2)
  expect(jobs[0]?.statistics).toMatchObject({ parentJobId: job.id })
})

test('each part of a script says where it stood and what called it', async () => {
  await local.bigQuery.query('create table d.one as select 1 as n')
  await local.bigQuery.query(`create or replace procedure d.twice(in n int64, out doubled int64)
begin
  set doubled = (select n * 2 from d.one limit 1);
end`)
  const [job] = await local.bigQuery.createQueryJob(`declare n int64;
call d.twice(4, n);
select n,
  n + 1;`)
  await job.getQueryResults()

  const parts = (await partsOf(job.id)).map(({ statistics }) => statistics['scriptStatistics'])
  expect(parts).toEqual([
    {
      evaluationKind: 'STATEMENT',
      stackFrames: [
        { startLine: 3, startColumn: 1, endLine: 4, endColumn: 8, text: 'select n,\n  n + 1' },
      ],
    },
    {
      evaluationKind: 'EXPRESSION',
      stackFrames: [
        expect.objectContaining({
          startLine: 2,
          text: '(select n * 2 from d.one limit 1)',
          procedureId: 'shop-events.d.twice',
        }),
        expect.objectContaining({ startLine: 2, startColumn: 1, text: 'call d.twice(4, n)' }),
      ],
    },
  ])
})

test('jobs are listed, newest first, in pages', async () => {
  const project = clientOf(local.origin, 'another-project')
  for (const jobId of ['one', 'two', 'three']) {
    await project.createQueryJob({ query: 'select 1', jobId })
  }

  const [first, next] = await project.getJobs({ maxResults: 2, autoPaginate: false })
  const [second] = await project.getJobs({ ...next, autoPaginate: false })

  expect([...first, ...second].map(({ id }) => id)).toEqual(['three', 'two', 'one'])
})

test.each(['minCreationTime=yesterday', 'stateFilter=finished'])(
  'a list of jobs by %s is refused',
  async (filter) => {
    const answer = await fetch(`${local.origin}/projects/shop-events/jobs?${filter}`)
    expect(answer.status).toBe(400)
    const [name, value] = filter.split('=')
    expect(await answer.json()).toMatchObject({
      error: { message: `Invalid value for ${name}: ${value}` },
    })
  },
)

test('a job that runs is cancelled', async () => {
  const [job] = await local.bigQuery.createQueryJob(
    'select count(*) as n from unnest(generate_array(1, 100000)) a, unnest(generate_array(1, 100000)) b ' +
      'where mod(a * b, 7) = 3',
  )

  await job.cancel()

  expect(await refusal(job.getQueryResults())).toMatchObject({ reason: 'stopped' })
  const [rows] = await local.bigQuery.query('select 1 as n')
  expect(rows).toEqual([{ n: 1 }])
})

test('a job that is cancelled before its turn does nothing', async () => {
  const { bigQuery } = local
  await bigQuery.query('create table d.untouched as select 1 as n')
  const table = { projectId: 'shop-events', datasetId: 'd', tableId: 'untouched' }
  const long = queryJob(
    'create table d.never as select count(*) as n from unnest(generate_array(1, 100000)) a, ' +
      'unnest(generate_array(1, 100000)) b where mod(a * b, 7) = 3',
  )
  const copy = { sourceTable: table, destinationTable: { ...table, tableId: 'copied' } }
  const waiting = [queryJob('insert d.untouched values (2)'), { configuration: { copy } }]

  const jobs: Job[] = []
  for (const job of [long, ...waiting]) {
    jobs.push(bigQuery.job((await post('/jobs', job)).body.jobReference.jobId))
  }
  for (const job of jobs.toReversed()) await job.cancel()

  for (const { id = '' } of jobs) {
    expect(await statusAtEnd(id)).toMatchObject({ errorResult: { reason: 'stopped' } })
  }
  expect((await dataset.table('untouched').getRows())[0]).toEqual([{ n: 1 }])
  expect(await dataset.table('copied').exists()).toEqual([false])
})

const plainQuery = { query: 'select 1', useLegacySql: false }

test.each([
  [
    { connectionProperties: [{ key: 'time_zone', value: 'Asia/Tokyo' }] },
    'the connection property time_zone',
  ],
  [{ writeIncrementalResults: true }, 'queries with writeIncrementalResults'],
  [
    { destinationEncryptionConfiguration: { kmsKeyName: 'k' } },
    'queries with destinationEncryptionConfiguration',
  ],
])('a query with %o is refused: it would go unheeded', async (setting, what) => {
  const { status, body } = await post('/queries', { ...plainQuery, ...setting })
  expect(status).toBe(400)
  expect(body).toMatchObject({ error: { message: `not supported by the local engine: ${what}` } })
})

test('a number of a request that is none is named', async () => {
  const { status, body } = await post('/queries', { ...plainQuery, maxResults: 'many' })

  expect(status).toBe(400)
  expect(body).toMatchObject({ error: { message: 'Invalid value for maxResults: many' } })
  expect((await post('/queries', { ...plainQuery, maxResults: null })).status).toBe(200)
})

test('a query that would cost more than is allowed does not run', async () => {
  await local.bigQuery.query(
    "create table d.large as select repeat('x', 1000) as s from unnest(generate_array(1, 12000))",
  )
  const query = (sql: string) =>
    local.bigQuery.query({ query: sql, maximumBytesBilled: '10485760' })

  expect(await refusal(query('select s from d.large'))).toMatchObject({
    reason: 'bytesBilledLimitExceeded',
    message: 'Query exceeded limit for bytes billed: 10485760. 12582912 or higher required.',
  })
  expect(await refusal(query("delete d.large where s = ''"))).toMatchObject({
    reason: 'bytesBilledLimitExceeded',
  })
  const [[row]] = await query('select count(*) as n from d.large')
  expect(row).toEqual({ n: 12000 })
})

test('a query that names a location finds no dataset elsewhere, and one that names none finds all', async () => {
  await local.bigQuery.createDataset('abroad', { location: 'EU' })
  await local.bigQuery.query('create table abroad.t as select 1 as n')
  const inside = {
    location: 'EU',
    query: 'create temp table u as select * from abroad.t; select * from u',
  }

  expect((await local.bigQuery.query('select * from abroad.t'))[0]).toEqual([{ n: 1 }])
  expect((await local.bigQuery.query(inside))[0]).toEqual([{ n: 1 }])
  for (const query of [
    'select * from abroad.t',
    'insert abroad.t values (2)',
    'drop table abroad.t',
  ]) {
    expect(await refusal(local.bigQuery.query({ query, location: 'US' }))).toMatchObject({
      code: 404,
      message: 'Not found: Dataset shop-events:abroad was not found in location US',
    })
  }
})

test('a job is found in the location in which it ran', async () => {
  await local.bigQuery.createQueryJob({ query: 'select 1', jobId: 'located' })
  const get = (location: string) => local.bigQuery.job('located', { location }).getMetadata()

  const [metadata] = await get('us')
  expect(metadata.jobReference.location).toBe('US')
  expect(await refusal(get('EU'))).toEqual({
    code: 404,
    reason: 'notFound',
    message: 'Not found: Job shop-events:EU.located',
  })
})

async function copyAs(operationType: CopyTableMetadata['operationType'], from: string, to: string) {
  const metadata: CopyTableMetadata = { ...(operationType && { operationType }) }
  await dataset.table(from).copy(dataset.table(to), metadata)
  const [table] = await dataset.table(to).getMetadata()
  return table
}

test('copies may be snapshots and clones, and a snapshot is restored to a table', async () => {
  await local.bigQuery.query('create table d.base as select 1 as n')
  expect(await copyAs('SNAPSHOT', 'base', 'snap')).toMatchObject({
    type: 'SNAPSHOT',
    numRows: '1',
    snapshotDefinition: { baseTableReference: { tableId: 'base' } },
  })
  expect(await copyAs('CLONE', 'base', 'clone')).toMatchObject({
    type: 'TABLE',
    cloneDefinition: { baseTableReference: { tableId: 'base' } },
  })
  expect(await refusal(copyAs('COPY', 'snap', 'copied'))).toMatchObject({
    message:
      'shop-events:d.snap is not allowed for this operation because it is currently a SNAPSHOT.',
  })
  expect(await copyAs('RESTORE', 'snap', 'restored')).toMatchObject({ type: 'TABLE', numRows: '1' })
})

test('a table that is copied onto itself keeps its rows, or has them twice', async () => {
  const { bigQuery } = local
  await bigQuery.query('create table d.itself as select n from unnest([1, 2]) n')
  await bigQuery.query(
    'create table d.hours (n int64) partition by timestamp_trunc(_PARTITIONTIME, hour)',
  )
  await dataset.table('hours$2025020813').insert([{ n: 1 }])
  const copy = async (name: string, writeDisposition: string) => {
    const table = dataset.table(name)
    await table.copy(table, { writeDisposition })
    return (await table.getRows())[0]
  }

  expect(await copy('itself', 'WRITE_TRUNCATE')).toEqual([{ n: 1 }, { n: 2 }])
  expect(await copy('itself', 'WRITE_APPEND')).toEqual([{ n: 1 }, { n: 2 }, { n: 1 }, { n: 2 }])
  expect(await copy('hours', 'WRITE_TRUNCATE')).toEqual([{ n: 1 }])
  const [[hour]] = await bigQuery.query('select string(_PARTITIONTIME) as start from d.hours')
  expect(hour).toEqual({ start: '2025-02-08 13:00:00+00' })
})

test('a result goes to a table where the job says so', async () => {
  const destination = dataset.table('result')
  const options = { query: 'select 1 as n', destination }

  await (await local.bigQuery.createQueryJob(options))[0].getQueryResults()
  await (
    await local.bigQuery.createQueryJob({ ...options, writeDisposition: 'WRITE_APPEND' })
  )[0].getQueryResults()

  expect((await destination.getRows())[0]).toEqual([{ n: 1 }, { n: 1 }])
})

test('the rows of a job with a destination are read from its table, which keeps them', async () => {
  const rowsOf = async (path: string) => {
    const answer = await fetch(`${local.origin}/projects/shop-events${path}`)
    return (await answer.json()) as Answer & { rows: { f: { v: unknown }[] }[]; pageToken: string }
  }
  await bigQueryJob('large', {
    query: "select n, repeat('x', 10) as s from unnest(generate_array(1, 2500)) n order by n",
    destinationTable: { datasetId: 'd', tableId: 'large_result' },
  })

  const first = await rowsOf('/queries/large?maxResults=1000&startIndex=1000')
  expect(first).toMatchObject({ totalRows: '2500', jobComplete: true })
  expect([first.rows.length, first.rows[0]?.f[0]?.v]).toEqual([1000, '1001'])
  const second = await rowsOf(`/queries/large?pageToken=${first.pageToken}`)
  expect([second.rows.length, second.rows.at(-1)?.f[0]?.v]).toEqual([500, '2500'])
  expect(second).not.toHaveProperty('pageToken')

  await local.bigQuery.query('drop table d.large_result')
  expect(await rowsOf('/queries/large')).toMatchObject({
    error: { code: 404, message: 'Not found: Table shop-events:d.large_result' },
  })
})

test('the destination of a job is partitioned by ranges where it says so', async () => {
  const range = { start: '0', end: '100', interval: '10' }
  await bigQueryJob('ranges', {
    query: 'select 7 as n',
    destinationTable: { datasetId: 'd', tableId: 'ranges' },
    rangePartitioning: { field: 'n', range },
  })

  const [table] = await local.bigQuery.dataset('d').table('ranges').getMetadata()
  expect(table.rangePartitioning).toEqual({ field: 'n', range })
})

async function bigQueryJob(jobId: string, query: Record<string, unknown>): Promise<Answer> {
  const configuration = { query: { useLegacySql: false, ...query } }
  const { body } = await post('/jobs', { jobReference: { jobId }, configuration })
  await statusAtEnd(jobId)
  return body
}

async function destinationOf(jobId: string, query: string): Promise<unknown> {
  await bigQueryJob(jobId, { query })
  const [{ configuration }] = await local.bigQuery.job(jobId).getMetadata()
  return configuration.query.destinationTable
}

test('a job names the table into which its statement wrote', async () => {
  const table = { projectId: 'shop-events', datasetId: 'd', tableId: 'written' }

  expect(await destinationOf('ctas', 'create table d.written as select 1 as n')).toEqual(table)
  expect(await destinationOf('dml', 'insert d.written values (2)')).toEqual(table)
  expect(await destinationOf('ddl', 'drop table d.written')).toBeUndefined()
})

test.each([
  [
    'a script',
    'select 1 as n; select 2 as n',
    'configuration.query.destinationTable cannot be set for scripts',
  ],
  ['DML', 'delete d.none where true', 'Cannot set destination table in jobs with DML statements'],
  [
    'DDL',
    'create table d.none (n int64)',
    'Cannot set destination table in jobs with DDL statements',
  ],
])('%s has no destination table', async (_, query, message) => {
  const call = local.bigQuery.createQueryJob({ query, destination: dataset.table('none') })
  expect(await refusal(call)).toMatchObject({ reason: 'invalidQuery', message })
})

test('the jobs are rows of the information schema', async () => {
  const [job] = await local.bigQuery.createQueryJob('select 42 as answer')
  await job.getQueryResults()

  const [rows] = await local.bigQuery.query({
    query:
      'select query, state, statement_type from `region-us`.INFORMATION_SCHEMA.JOBS where job_id = @id',
    params: { id: job.id },
  })
  expect(rows).toEqual([{ query: 'select 42 as answer', state: 'DONE', statement_type: 'SELECT' }])
})

test('after kill -9 what was answered is there, and the ids of copies are still taken', async () => {
  const dataFolder = await mkdtemp(join(tmpdir(), 'jobs-test-'))
  const copy = {
    jobReference: { jobId: 'copy_1' },
    configuration: {
      copy: {
        sourceTable: { datasetId: 'd', tableId: 'a' },
        destinationTable: { datasetId: 'd', tableId: 'b' },
      },
    },
  }
  const send = async (origin: string) => {
    const url = `${origin}/projects/shop-events/jobs`
    return await fetch(url, { method: 'POST', body: JSON.stringify(copy) })
  }

  const first = await startProcess(dataFolder)
  await clientOf(first.origin).createDataset('d')
  await clientOf(first.origin).query('create table d.a as select 1 as n')
  const answer = (await (await send(first.origin)).json()) as Answer
  expect(answer.status).toEqual({ state: 'DONE' })
  await first.end('SIGKILL')

  const second = await startProcess(dataFolder)
  expect((await send(second.origin)).status).toBe(409)
  const [rows] = await clientOf(second.origin).query('select n from d.b')
  expect(rows).toEqual([{ n: 1 }])
  await second.end('SIGTERM')
  await rm(dataFolder, { recursive: true })
})

/** A local BigQuery in a process of its own, which may be killed. */
async function startProcess(dataFolder: string) {
  const main = join(import.meta.dirname, '../../main.ts')
  const args = ['--only', 'bigquery', '--bigquery-port', '0', '--data', dataFolder]
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = once(child, 'exit')
  for await (const line of createInterface({ input: child.stdout })) {
    const origin = /^export BIGQUERY_EMULATOR_HOST=(.*)$/.exec(line)?.[1]
    if (origin === undefined) continue
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      child.kill(signal)
      await ended
    }
    return { origin, end }
  }
  throw new Error('the local BigQuery did not start')
}

test('a copy of a table at a time brings back what was removed or dropped since', async () => {
  const { bigQuery } = local
  await bigQuery.query('create table d.lost as select n from unnest(generate_array(1, 5)) n')
  const [[{ ms: whole }]] = await bigQuery.query(
    'select unix_millis(current_timestamp()) + 1 as ms',
  )
  await new Promise((resolve) => setTimeout(resolve, 5))
  await bigQuery.query('delete from d.lost where n < 4')
  const [[{ ms: less }]] = await bigQuery.query('select unix_millis(current_timestamp()) + 1 as ms')
  await new Promise((resolve) => setTimeout(resolve, 5))
  await bigQuery.query('drop table d.lost')

  const numbers = async (time: unknown, name: string): Promise<unknown> => {
    await dataset.table(`lost@${String(time)}`).copy(dataset.table(name))
    const [[row]] = await bigQuery.query(
      `select string_agg(cast(n as string) order by n) as n from d.${name}`,
    )
    return row.n
  }
  expect(await numbers(less, 'found_less')).toBe('4,5')
  expect(await numbers(whole, 'lost')).toBe('1,2,3,4,5')
  expect(await refusal(dataset.table('lost@1000').copy(dataset.table('never')))).toMatchObject({
    message: expect.stringMatching(/^Invalid snapshot time 1000 for table shop-events:d.lost@1000/),
  })
  expect(await refusal(dataset.table('never@1000').copy(dataset.table('never')))).toMatchObject({
    message: expect.stringMatching(/^Not found: Table shop-events:d.never/),
  })
})
