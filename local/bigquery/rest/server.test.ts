import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { BigQueryError } from '../bigquery-error.ts'
import { readJson } from './body.ts'
import { createRestServer } from './server.ts'

const rest = createRestServer([
  {
    method: 'POST',
    pattern: '/projects/:project/echo',
    handler: async (request) => ({
      body: { project: request.params.project, received: await readJson(request) },
    }),
  },
  {
    method: 'GET',
    pattern: '/fail/:how',
    handler({ params }) {
      if (params.how === 'known') {
        throw new BigQueryError('invalidQuery', 'Syntax error', { location: 'query' })
      }
      throw new TypeError('oops')
    },
  },
])
let origin: string

beforeAll(async () => {
  rest.server.listen(0, '127.0.0.1')
  await once(rest.server, 'listening')
  origin = `http://127.0.0.1:${(rest.server.address() as AddressInfo).port}`
})

afterAll(() => rest.stop())

test.each(['', '/bigquery/v2', '/bigquery/v2/'])('answers under the prefix %j', async (prefix) => {
  const response = await fetch(`${origin}${prefix}/projects/my-project/echo`, {
    method: 'POST',
    body: '{"a":1}',
  })

  expect(await response.json()).toEqual({ project: 'my-project', received: { a: 1 } })
})

test('unzips what the client zipped', async () => {
  const response = await fetch(`${origin}/projects/p/echo`, {
    method: 'POST',
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync('{"zipped":true}'),
  })

  expect(await response.json()).toMatchObject({ received: { zipped: true } })
})

test.each([
  ['broken JSON', '{"a":', 'Parse Error'],
  ['a list', '[]', 'Root element must be a message.'],
])('%s is an error of the request', async (_, body, message) => {
  const response = await fetch(`${origin}/projects/p/echo`, { method: 'POST', body })

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    error: { message: expect.stringContaining(message), errors: [{ reason: 'invalid' }] },
  })
})

test('an error carries status, reason, location and message', async () => {
  const response = await fetch(`${origin}/fail/known`)

  expect(response.status).toBe(400)
  expect(await response.json()).toEqual({
    error: {
      code: 400,
      message: 'Syntax error',
      errors: [
        {
          message: 'Syntax error',
          domain: 'global',
          reason: 'invalidQuery',
          location: 'query',
          locationType: 'parameter',
        },
      ],
      status: 'INVALID_ARGUMENT',
    },
  })
})

test('an unknown path is a 404 that names it', async () => {
  const response = await fetch(`${origin}/bigquery/v2/nowhere`)

  expect(response.status).toBe(404)
  expect(await response.json()).toMatchObject({
    error: { message: 'Not found: GET /nowhere', errors: [{ reason: 'notFound' }] },
  })
})

async function echo(query: string): Promise<unknown> {
  const request = { method: 'POST', body: '{"a":{"b":1,"c":2},"d":3}' }
  return await (await fetch(`${origin}/projects/p/echo?${query}`, request)).json()
}

test('an answer is cut to what the client asks for, and is JSON', async () => {
  expect(await echo('prettyPrint=false&alt=json')).toMatchObject({ project: 'p' })
  expect(await echo('fields=received(a/b,d)')).toEqual({ received: { a: { b: 1 }, d: 3 } })
  expect(await echo('fields=received(')).toMatchObject({
    error: { message: 'Invalid field selection received(' },
  })
  expect(await echo('alt=media')).toMatchObject({
    error: { message: 'not supported by the local engine: answers with alt=media' },
  })
})

test('a method that BigQuery has and this endpoint has not is refused in words', async () => {
  const path = '/bigquery/v2/projects/p/datasets/d/tables/t:getIamPolicy'
  const response = await fetch(`${origin}${path}`, { method: 'POST' })

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    error: {
      message:
        'not supported by the local engine: POST /projects/p/datasets/d/tables/t:getIamPolicy',
    },
  })
})

test('a fault of the server is told on stderr, and no 5xx, which clients would retry for minutes', async () => {
  const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const response = await fetch(`${origin}/fail/unknown`)

  expect(stderr.mock.calls.join()).toContain('local BigQuery: TypeError: oops')
  stderr.mockRestore()

  expect(response.status).toBe(400)
  expect(await response.json()).toMatchObject({
    error: { message: 'internal error of the local BigQuery: oops' },
  })
})
