import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
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
