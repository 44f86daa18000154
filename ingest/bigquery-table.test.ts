import { createServer } from 'node:http'
import type { BigQuery } from '@google-cloud/bigquery'
import { expect, test } from 'vitest'
import { createRowTable } from './bigquery-table.ts'
import type { SigningClient } from './google-request.ts'

test('each row that BigQuery did not take has its place and its first error', async () => {
  const errors = [
    { reason: 'invalid', message: 'no such field: x' },
    { reason: 'stopped', message: '' },
  ]
  // A place of zero may be left out of an answer.
  const answers = [{ insertErrors: [{ errors }, { index: 2, errors: [] }] }, { kind: 'none' }]
  const server = createServer((request, response) => {
    request.resume()
    response.end(JSON.stringify(answers.shift()))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const client: SigningClient & Pick<BigQuery, 'baseUrl' | 'projectId'> = {
    baseUrl: `http://127.0.0.1:${port}`,
    projectId: 'shop-events',
    makeAuthenticatedRequest: (request, { onAuthenticated }) => onAuthenticated(null, request),
  }
  const table = createRowTable(client as BigQuery, { dataset: 'raw', table: 'raw_events' })

  expect(await table.insert(Buffer.from('{}'))).toEqual([
    { index: 0, reason: 'invalid', message: 'no such field: x' },
    { index: 2, reason: 'unknown', message: '' },
  ])
  expect(await table.insert(Buffer.from('{}'))).toEqual([])
  server.close()
  server.closeAllConnections()
})
