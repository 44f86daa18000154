import { createServer } from 'node:http'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { Storage } from '@google-cloud/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStorage } from '../local/storage/start-storage.ts'
import type { Endpoint } from '../local/endpoint.ts'
import { createObjectStore } from './cloud-storage.ts'
import type { ObjectStore } from './land-file.ts'

const folder = mkdtempSync(join(tmpdir(), 'cloud-storage-'))
let endpoint: Endpoint
let storage: Storage
let store: ObjectStore

beforeAll(async () => {
  endpoint = await startStorage({ port: 0, folder })
  storage = new Storage({ projectId: 'shop-events', apiEndpoint: `http://${endpoint.address}` })
  const [bucket] = await storage.createBucket('landing')
  store = createObjectStore(bucket)
})
afterAll(async () => {
  await endpoint.stop()
  rmSync(folder, { recursive: true })
})

const metadata = (batch_id: string) => ({
  batch_id,
  lines: '1',
  first_message_id: '1',
  last_message_id: '1',
})

test('an object that is there stays as it is, and tells whose it is', async () => {
  expect(await store.create('output/a.json', Buffer.from('first\n'), metadata('a'))).toBe(true)
  expect(await store.create('output/a.json', Buffer.from('other\n'), metadata('b'))).toBe(false)

  const [content] = await storage.bucket('landing').file('output/a.json').download()
  expect(content.toString()).toBe('first\n')
  expect(await store.batchIdOf('output/a.json')).toBe('a')
  expect(await store.batchIdOf('output/none.json')).toBeUndefined()
  expect(await store.list('output/')).toEqual(['output/a.json'])
})

test('a bucket that is missing is an error, not an object that is there', async () => {
  const missing = createObjectStore(storage.bucket('missing'))

  await expect(missing.create('a.json', Buffer.from(''), metadata('a'))).rejects.toThrow(
    /not exist|not found/i,
  )
})

test('what is damaged on its way is no object, and whose one is may be asked again', async () => {
  const damaging = createServer(async (request, response) => {
    if (request.method === 'GET') return response.writeHead(503).end('{}')
    const answer = await fetch(`http://${endpoint.address}${request.url}`, {
      method: 'POST',
      headers: { 'content-type': String(request.headers['content-type']) },
      body: (await text(request)).replace('whole', 'whale'),
    })
    return response.writeHead(answer.status).end(await answer.text())
  })
  await new Promise<void>((resolve) => damaging.listen(0, '127.0.0.1', resolve))
  const address = damaging.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const apiEndpoint = `http://127.0.0.1:${port}`
  const retryOptions = { autoRetry: false }
  const away = new Storage({ projectId: 'shop-events', apiEndpoint, retryOptions })
  const distant = createObjectStore(away.bucket('landing'))

  await expect(
    distant.create('output/b.json', Buffer.from('whole\n'), metadata('b')),
  ).rejects.toThrow(/crc32c/i)
  // That nobody answers does not mean that it is nobody's.
  await expect(distant.batchIdOf('output/a.json')).rejects.toThrow(/503|Unavailable|\{\}/)
  damaging.close()
  damaging.closeAllConnections()

  expect(await store.list('output/')).toEqual(['output/a.json'])
})
