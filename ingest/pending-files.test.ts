import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Storage, type Bucket } from '@google-cloud/storage'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Endpoint } from '../local/endpoint.ts'
import { startStorage } from '../local/storage/start-storage.ts'
import { createLedgerStore, createPendingNotes, readObject } from './cloud-storage-pending.ts'
import type { Loading } from './pending-files.ts'
import { createMemoryLoading } from './testing-loading.ts'

const folder = mkdtempSync(join(tmpdir(), 'pending-'))
const file = 'output/order/2025/02/08/13/09/order_2025020813090001.json'
let endpoint: Endpoint
let bucket: Bucket

beforeAll(async () => {
  endpoint = await startStorage({ port: 0, folder })
  const storage = new Storage({ projectId: 'p', apiEndpoint: `http://${endpoint.address}` })
  ;[bucket] = await storage.createBucket('landing')
})
afterAll(async () => {
  await endpoint.stop()
  rmSync(folder, { recursive: true })
})

type Store = Pick<Loading, 'notes' | 'ledger'>

const stores: [string, () => Store][] = [
  ['in memory', () => createMemoryLoading().portsThrough(async (effect) => effect())],
  ['in a bucket', () => ({ notes: createPendingNotes(bucket), ledger: createLedgerStore(bucket) })],
]

test.each(stores)('notes %s are there once, and are removed once', async (_, open) => {
  const { notes } = open()

  expect(await notes.list(10)).toEqual([])
  await notes.add(file)
  await notes.add(file)
  await notes.add(`${file}x`)
  expect(await notes.list(10)).toEqual([file, `${file}x`])
  expect(await notes.list(1)).toEqual([file])
  await notes.remove(file)
  await notes.remove(file)

  expect(await notes.list(10)).toEqual([`${file}x`])
})

test.each(stores)(
  'a text %s is replaced only by who has seen its last version',
  async (_, open) => {
    const { ledger } = open()

    const none = await ledger.read()
    expect(none.text).toBeUndefined()
    const first = await ledger.replace('one', none.version)
    expect(await ledger.replace('other', none.version)).toBeUndefined()
    expect(await ledger.read()).toEqual({ text: 'one', version: first })
    const second = await ledger.replace('two', first ?? '')

    expect(await ledger.replace('other', first ?? '')).toBeUndefined()
    expect(await ledger.read()).toEqual({ text: 'two', version: second })
  },
)

test.each(stores)('more notes %s than a page holds are listed', async (_, open) => {
  const { notes } = open()
  const names = Array.from({ length: 1_010 }, (_unused, index) => `output/${10_000 + index}.json`)
  for (let from = 0; from < names.length; from += 101) {
    await Promise.all(names.slice(from, from + 101).map((name) => notes.add(name)))
  }

  const listed = await notes.list(10_000)
  const some = await notes.list(1_005)
  for (let from = 0; from < names.length; from += 101) {
    await Promise.all(names.slice(from, from + 101).map((name) => notes.remove(name)))
  }

  expect(listed.filter((name) => names.includes(name))).toEqual(names)
  expect(some).toHaveLength(1_005)
})

test('a ledger in the bucket is no note', async () => {
  const { notes, ledger } = { notes: createPendingNotes(bucket), ledger: createLedgerStore(bucket) }

  expect((await ledger.read()).text).toBe('two')
  expect(await notes.list(10)).toEqual([`${file}x`])
})

test('an object is read whole, or is not there', async () => {
  await bucket.file('x').save('text')

  expect(String(await readObject(bucket, 'x'))).toBe('text')
  expect(await readObject(bucket, 'y')).toBeUndefined()
})
