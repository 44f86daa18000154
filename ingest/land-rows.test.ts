import { expect, test } from 'vitest'
import { landRows, type RowFailure } from './land-rows.ts'
import { event } from './testing-events.ts'

type Sent = { insertId: string; json: Record<string, unknown> }[]

/** A table that answers each request in turn, and takes everything after that. */
function memoryTable(...answers: (RowFailure[] | Error)[]) {
  const requests: Sent[] = []
  const sizes: number[] = []
  const insert = async (body: Buffer) => {
    sizes.push(body.length)
    requests.push(JSON.parse(body.toString()).rows)
    const answer = answers.shift() ?? []
    if (answer instanceof Error) throw answer
    return answer
  }
  const ids = () => requests.map((rows) => rows.map(({ insertId }) => insertId))
  return { requests, sizes, ids, table: { insert } }
}

async function persist<T>(action: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await action()
    } catch (error) {
      if (attempt === 5) throw error
    }
  }
}

const events = ['1', '2', '3'].map((messageId) => event({ messageId }))

test('a request that fails is sent again as it was', async () => {
  const { requests, ids, table } = memoryTable(new Error('503'), new Error('reset'))

  expect(await landRows(events, 'f', table, persist)).toBe(0)
  expect(ids()).toEqual([
    ['1', '2', '3'],
    ['1', '2', '3'],
    ['1', '2', '3'],
  ])
  expect(requests[2]).toEqual(requests[0])
})

test('only rows that were stopped or timed out are sent again', async () => {
  const { requests, ids, table } = memoryTable([
    { index: 0, reason: 'stopped', message: '' },
    { index: 2, reason: 'timeout', message: '' },
  ])

  expect(await landRows(events, 'f', table, persist)).toBe(0)
  expect(ids()).toEqual([
    ['1', '2', '3'],
    ['1', '3'],
  ])
  expect(requests[1]?.[0]?.json['payload']).toBe('{"a":1}')
})

test.each([0, 1, 2])('a row that is refused at place %i lands as bytes', async (index) => {
  const { requests, table } = memoryTable([{ index, reason: 'invalid', message: 'why' }])

  expect(await landRows(events, 'f', table, persist)).toBe(1)
  expect(requests[1]).toMatchObject([
    {
      insertId: String(index + 1),
      json: {
        raw_payload: Buffer.from('{"a":1}').toString('base64'),
        errors: [{ code: 'refused_by_bigquery', message: 'invalid: why' }],
      },
    },
  ])
  expect(requests[1]?.[0]?.json).not.toHaveProperty('payload')
})

test('a row that is refused even as bytes is never given up', async () => {
  const refusal = [{ index: 0, reason: 'invalid', message: 'no such column' }]
  const { requests, table } = memoryTable(...Array.from({ length: 5 }, () => refusal))

  await expect(landRows(events.slice(0, 1), 'f', table, persist)).rejects.toThrow(
    'BigQuery refused 1 rows, one as invalid: no such column',
  )
  expect(requests).toHaveLength(5)
  expect(requests[4]?.[0]?.json['errors']).toHaveLength(1)
})

test('rows are divided among requests below 10 MB', async () => {
  const { requests, table } = memoryTable()
  const large = ['1', '2', '3'].map((messageId) =>
    event({ messageId, payload: Buffer.alloc(4_000_000, ' '), escapes: 0 }),
  )

  await landRows(large, 'f', table, persist)

  expect(requests.map((rows) => rows.length)).toEqual([2, 1])
})

test('rows that grow because they are refused are divided anew', async () => {
  const refusals = [0, 1].map((index) => ({ index, reason: 'invalid', message: 'why' }))
  const { requests, sizes, table } = memoryTable(refusals)
  const large = ['1', '2'].map((messageId) =>
    event({ messageId, payload: Buffer.alloc(4_700_000, 'a'), escapes: 0 }),
  )

  expect(await landRows(large, 'f', table, persist)).toBe(2)

  expect(requests.map((rows) => rows.length)).toEqual([2, 1, 1])
  expect(Math.max(...sizes)).toBeLessThan(10_000_000)
})
