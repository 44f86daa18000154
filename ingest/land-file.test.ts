import { expect, test } from 'vitest'
import type { Batch } from './batcher.ts'
import { createFileLander, type ObjectMetadata, type ObjectStore } from './land-file.ts'
import { event } from './testing-events.ts'

const folder = 'output/inventory/2025/02/08/13/09/inventory_202502081309'

/** Tries again at once. */
async function persist<T>(action: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await action()
    } catch (error) {
      if (!String(error).includes('lost')) throw error
    }
  }
}

function memoryStore(overrides: (store: ObjectStore) => Partial<ObjectStore> = () => ({})) {
  const objects = new Map<string, { body: string; metadata: ObjectMetadata }>()
  const store: ObjectStore = {
    async create(name, body, metadata) {
      if (objects.has(name)) return false
      objects.set(name, { body: body.toString(), metadata })
      return true
    },
    batchIdOf: async (name) => objects.get(name)?.metadata.batch_id,
    list: async (prefix) => [...objects.keys()].filter((name) => name.startsWith(prefix)),
  }
  return { objects, store: { ...store, ...overrides(store) } }
}

function batchOf(id: string, messageIds = ['1', '2']): Batch {
  const events = messageIds.map((messageId) => event({ messageId }))
  return { id, eventType: 'inventory', minute: '2025-02-08T13:09', events, bytes: 14 }
}

test('files of a minute are numbered from 0001', async () => {
  const { objects, store } = memoryStore()
  const landFile = createFileLander(store)

  expect(await landFile(batchOf('a'), persist)).toBe(`${folder}0001.json`)
  expect(await landFile(batchOf('b'), persist)).toBe(`${folder}0002.json`)
  expect(objects.get(`${folder}0001.json`)?.metadata).toEqual({
    batch_id: 'a',
    lines: '2',
    first_message_id: '1',
    last_message_id: '2',
  })
})

test('another ingester’s file stays, and the lines name the file that they are in', async () => {
  const { objects, store } = memoryStore()
  const ours = createFileLander(store)
  const theirs = createFileLander(store)
  await theirs(batchOf('a'), persist)
  await theirs(batchOf('b'), persist)

  const name = await ours(batchOf('c'), persist)

  expect(name).toBe(`${folder}0003.json`)
  expect(objects.get(`${folder}0001.json`)?.metadata.batch_id).toBe('a')
  for (const line of objects.get(name)?.body.trimEnd().split('\n') ?? []) {
    expect(JSON.parse(line).object_name).toBe(name)
  }
})

test('a file whose answer was lost is found, not written twice', async () => {
  let losses = 1
  const { objects, store } = memoryStore(({ create }) => ({
    async create(...args) {
      const created = await create(...args)
      if (losses-- > 0) throw new Error('the answer is lost')
      return created
    },
  }))

  expect(await createFileLander(store)(batchOf('a'), persist)).toBe(`${folder}0001.json`)
  expect(objects.size).toBe(1)
})

test('the same batch landed by another ingester before is found', async () => {
  const { objects, store } = memoryStore()
  await createFileLander(store)(batchOf('a'), persist)

  await createFileLander(store)(batchOf('a'), persist)

  expect(objects.size).toBe(1)
})

test('strangers in the folder are no obstacle', async () => {
  const { objects, store } = memoryStore()
  const landFile = createFileLander(store)
  await createFileLander(store)(batchOf('a'), persist)
  const metadata = { batch_id: '', lines: '', first_message_id: '', last_message_id: '' }
  objects.set('output/inventory/2025/02/08/13/09/notes.txt', { body: '', metadata })

  expect(await landFile(batchOf('b'), persist)).toBe(`${folder}0002.json`)
})

test('32 ingesters at once write 32 files', async () => {
  const { objects, store } = memoryStore()
  const batches = Array.from({ length: 32 }, (_, index) => batchOf(`batch ${index}`))

  const names = await Promise.all(batches.map((batch) => createFileLander(store)(batch, persist)))

  expect(new Set(names).size).toBe(32)
  expect([...objects.values()].map(({ metadata }) => metadata.batch_id).toSorted()).toEqual(
    batches.map(({ id }) => id).toSorted(),
  )
})

test('the folders of long ago are forgotten, and what has landed there stays', async () => {
  const { store } = memoryStore()
  const tried: string[] = []
  const create: ObjectStore['create'] = (name, body, metadata) => {
    tried.push(name)
    return store.create(name, body, metadata)
  }
  const landFile = createFileLander({ ...store, create })
  await landFile(batchOf('first'), persist)
  for (let year = 0; year < 10_000; year++) {
    const minute = `${String(year).padStart(4, '0')}-12-31T23:59`
    await landFile({ ...batchOf('other', ['1']), minute }, persist)
  }

  expect(await landFile(batchOf('last'), persist)).toBe(`${folder}0002.json`)
  expect(tried.slice(-2)).toEqual([`${folder}0001.json`, `${folder}0002.json`])
})
