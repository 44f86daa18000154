import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Endpoint } from '../../local/endpoint.ts'
import { startBigQuery } from '../../local/bigquery/start-bigquery.ts'
import type { Case, SqlCase } from './cases.ts'
import { report } from './report.ts'
import { createRestClient, type RestClient } from './rest-client.ts'
import { runCase } from './run-case.ts'

let endpoint: Endpoint
let call: RestClient
let number = 0

beforeAll(async () => {
  endpoint = await startBigQuery({ port: 0, dataFolder: ':memory:' })
  call = createRestClient(`http://${endpoint.address}`)
})
afterAll(() => endpoint.stop())

function sqlCase(query: string, expected: SqlCase['expected.json'], rest: Partial<SqlCase> = {}) {
  const id = `own/case_${number + 1}`
  const recorded = { id, p1: true, 'query.sql': query, 'expected.json': expected, ...rest }
  return { kind: 'sql' as const, case: recorded }
}

async function run(recorded: Case) {
  number += 1
  return await runCase(recorded, { call, bucket: 'none', number })
}

const n = { schema: [{ name: 'n', type: 'INTEGER', mode: 'NULLABLE' }], rows: [{ n: 7 }] }

test('the recorded answer is the same, another one is different', async () => {
  expect(await run(sqlCase('select 7 as n', n))).toEqual({ outcome: 'same', detail: '' })
  expect(await run(sqlCase('select 8 as n', n))).toEqual({
    outcome: 'different',
    detail: 'row 1: only [{"n":8}], recorded {"n":7}',
  })
  expect(await run(sqlCase('select 7.0 as n', n))).toMatchObject({
    detail: 'schema (n FLOAT), recorded (n INTEGER)',
  })
})

test('a case finds what it sets up, in a dataset of its own, with its parameters', async () => {
  const setup = 'create table `${DATASET}.t` as select 3 as n'
  const recorded = sqlCase('select n + @more as n from `${DATASET}.t`', n, {
    'setup.sql': setup,
    'parameters.json': {
      mode: 'named',
      parameters: [{ name: 'more', type: 'INT64', value: 4 }],
    },
  })

  expect(await run(recorded)).toEqual({ outcome: 'same', detail: '' })
  expect(await run(recorded)).toEqual({ outcome: 'same', detail: '' })
})

test('an error is the same, different, or an answer where there should be none', async () => {
  const error = { reason: 'invalidQuery', http_status: 400, message_pattern: 'division by zero' }

  expect(await run(sqlCase('select 1 / 0', { error }))).toMatchObject({ outcome: 'same' })
  expect(await run(sqlCase('select nope', { error }))).toMatchObject({ outcome: 'different' })
  expect(await run(sqlCase('select 1', { error }))).toMatchObject({
    outcome: 'different',
    detail: "an answer, recorded error 'division by zero'",
  })
})

test('a refusal is no difference', async () => {
  const recorded = sqlCase('select st_geogpoint(1, 2) is null', n)

  expect(await run(recorded)).toMatchObject({
    outcome: 'refused',
    detail: expect.stringContaining('not supported by the local engine'),
  })
})

test('a recorded HTTP answer is compared whole, with what earlier answers named', async () => {
  const recorded: Case = {
    kind: 'http',
    case: {
      id: 'own/http',
      p1: false,
      'setup_requests.json': [
        {
          method: 'POST',
          path: '/bigquery/v2/projects/${PROJECT}/queries',
          body: { query: 'select 7 as n', useLegacySql: false },
          capture: { JOB: 'jobReference.jobId' },
        },
      ],
      'request.json': {
        method: 'GET',
        path: '/bigquery/v2/projects/${PROJECT}/datasets/${DATASET_ID}/tables?job=${JOB}',
      },
      'expected_response.json': {
        http_status: 200,
        body: { kind: 'bigquery#tableList', etag: '<*>', totalItems: 0 },
      },
    },
  }

  expect(await run(recorded)).toEqual({ outcome: 'same', detail: '' })
})

test('the report counts each family, those marked p1 and all', () => {
  const recorded = sqlCase('', n)
  const text = report(
    [
      { recorded, outcome: { outcome: 'same', detail: '' } },
      { recorded, outcome: { outcome: 'different', detail: 'row 1' } },
    ],
    { listRefused: false },
  )

  const lines = text.split('\n').map((line) => line.trim().split(/\s+/).join(' '))
  expect(lines).toEqual([
    `different ${recorded.case.id}: row 1`,
    '',
    'cases same refused different',
    'own 2 1 50.0 % 0 1',
    'p1 2 1 50.0 % 0 1',
    'all 2 1 50.0 % 0 1',
  ])
})
