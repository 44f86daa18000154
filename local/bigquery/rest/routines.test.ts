import type { Dataset } from '@google-cloud/bigquery'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { refusal, startTestBigQuery, type TestBigQuery } from '../test-bigquery.ts'

let local: TestBigQuery
let dataset: Dataset

beforeAll(async () => {
  local = await startTestBigQuery()
  ;[dataset] = await local.bigQuery.createDataset('d')
})
afterAll(() => local.endpoint.stop())

const int64 = { typeKind: 'INT64' } as const

async function valueOf(expression: string): Promise<unknown> {
  const [[row]] = await local.bigQuery.query(`select ${expression} as value`)
  return row.value
}

const times = (factor: number) => ({
  routineType: 'SCALAR_FUNCTION' as const,
  language: 'SQL' as const,
  arguments: [{ name: 'x', dataType: int64 }],
  returnType: int64,
  definitionBody: `x * ${factor} -- by ${factor}`,
})

test('a function is made, changed, listed and removed', async () => {
  const routine = dataset.routine('times')
  await dataset.createRoutine('times', { ...times(2), description: 'Twice.' })
  expect(await valueOf('d.times(21)')).toBe(42)
  expect((await routine.getMetadata())[0]).toMatchObject({ ...times(2), description: 'Twice.' })
  expect(await refusal(dataset.createRoutine('times', times(2)))).toMatchObject({ code: 409 })

  await routine.setMetadata(times(3))
  expect(await valueOf('d.times(21)')).toBe(63)
  const [routines] = await dataset.getRoutines()
  expect(routines.map(({ id }) => id)).toEqual(['times'])
  await routine.delete()
  expect(await refusal(routine.getMetadata())).toMatchObject({ code: 404 })
})

test('types of every depth, and any type, are taken', async () => {
  const point = {
    typeKind: 'STRUCT' as const,
    structType: {
      fields: [
        { name: 'a b', type: int64 },
        { name: 'y', type: int64 },
      ],
    },
  }
  await dataset.createRoutine('sum_of', {
    routineType: 'SCALAR_FUNCTION',
    arguments: [
      { name: 'points', dataType: { typeKind: 'ARRAY', arrayElementType: point } },
      { name: 'more', argumentKind: 'ANY_TYPE' },
    ],
    definitionBody: '(select sum(p.`a b` + p.y) from unnest(points) as p) + more',
  })

  expect(await valueOf('d.sum_of([struct(1, 2), (3, 4)], 0.5)')).toBe(10.5)
})

test('a procedure is made and called', async () => {
  await dataset.createRoutine('fill', {
    routineType: 'PROCEDURE',
    arguments: [{ name: 'n', dataType: int64, mode: 'IN' }],
    definitionBody: 'BEGIN create or replace table d.filled as select n as n; END',
  })

  await local.bigQuery.query('call d.fill(7)')

  expect(await valueOf('(select n from d.filled)')).toBe(7)
})

test.each([
  [{ routineType: 'SCALAR_FUNCTION', definitionBody: 'nothing + 1' }, /Unrecognized name: nothing/],
  [{ routineType: 'SCALAR_FUNCTION' }, /^Required parameter is missing: definitionBody/],
  [{ routineType: 'MAGIC', definitionBody: '1' }, /^Invalid value for routineType: MAGIC/],
  [
    { routineType: 'SCALAR_FUNCTION', language: 'PYTHON', definitionBody: '1' },
    /^not supported by the local engine: routines.insert in the language PYTHON/,
  ],
])('%j is refused', async (body, message) => {
  const response = await fetch(`${local.origin}/projects/shop-events/datasets/d/routines`, {
    method: 'POST',
    body: JSON.stringify({ ...body, routineReference: { routineId: 'wrong' } }),
  })

  expect(response.status).toBe(400)
  const { error } = (await response.json()) as { error: { message: string } }
  expect(error.message).toMatch(message)
})

test('a function of ranges is made and told of in full, and what goes unheeded is refused', async () => {
  const dates = { typeKind: 'RANGE', rangeElementType: { typeKind: 'DATE' } }
  const first = {
    ...times(1),
    arguments: [{ name: 'r', dataType: dates }],
    returnType: { typeKind: 'DATE' },
    definitionBody: 'range_start(r)',
  }
  await dataset.createRoutine('first_day', first as object)

  expect((await dataset.routine('first_day').getMetadata())[0]).toMatchObject(first)
  expect(await valueOf("string(d.first_day(range<date> '[2025-02-08, 2025-02-10)'))")).toBe(
    '2025-02-08',
  )
  const remote = { ...times(1), remoteFunctionOptions: { endpoint: 'https://example.com' } }
  expect((await refusal(dataset.createRoutine('remote', remote))).message).toBe(
    'not supported by the local engine: routines with remoteFunctionOptions',
  )
})
