import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startStorage } from './start-storage.ts'
import { startStorageFixture, type StorageFixture } from './testing.ts'

let fixture: StorageFixture

beforeEach(async () => {
  fixture = await startStorageFixture()
})

afterEach(() => fixture.stop())

test('buckets are created once, listed, described and deleted when empty', async () => {
  const { storage, bucket } = fixture
  await storage.createBucket('another.bucket', { labels: { team: 'data' } })

  await expect(storage.createBucket('another.bucket')).rejects.toMatchObject({ code: 409 })
  expect((await storage.getBuckets())[0].map(({ name }) => name)).toEqual([
    'another.bucket',
    'shop-events-landing',
  ])
  const lifecycle = { rule: [{ action: { type: 'Delete' as const }, condition: { age: 90 } }] }
  await storage.bucket('another.bucket').setMetadata({ lifecycle, labels: { tier: 'raw' } })
  expect((await storage.bucket('another.bucket').getMetadata())[0]).toMatchObject({
    lifecycle,
    labels: { team: 'data', tier: 'raw' },
    metageneration: '2',
    location: 'US',
  })
  await bucket.file('x').save('x', { resumable: false })
  await expect(bucket.delete()).rejects.toMatchObject({
    code: 409,
    message: 'The bucket you tried to delete is not empty.',
  })
  await bucket.file('x').delete()
  await bucket.delete()
  expect(await bucket.exists()).toEqual([false])
})

test.each(['ab', 'Upper', '-dash', '.metadata', 'a..b', 'slash/name', 'goog-mine', 'x'.repeat(64)])(
  'the bucket name %j is refused',
  async (name) => {
    await expect(fixture.storage.createBucket(name)).rejects.toMatchObject({
      code: 400,
      message: expect.stringContaining('Invalid bucket name'),
    })
  },
)

test('everything is still there after a restart', async () => {
  const file = fixture.bucket.file('a/b')
  await file.save('one', { resumable: false })
  await file.save('two', { resumable: false, metadata: { metadata: { batch_id: 'b2' } } })
  await fixture.bucket.file('gone').save('x', { resumable: false })
  await fixture.bucket.file('gone').delete()
  const [before] = await file.getMetadata()

  await fixture.restart()

  const [after] = await fixture.bucket.file('a/b').getMetadata()
  const withoutLinks = { selfLink: '', mediaLink: '' }
  expect({ ...after, ...withoutLinks }).toEqual({ ...before, ...withoutLinks })
  expect(String((await fixture.bucket.file('a/b').download())[0])).toBe('two')
  expect((await fixture.bucket.getFiles())[0].map(({ name }) => name)).toEqual(['a/b'])
})

test('a port in use is said in words', async () => {
  const { folder, endpoint } = fixture

  await expect(startStorage({ port: endpoint.port, folder: `${folder}-2` })).rejects.toThrow(
    /EADDRINUSE.*\d+/,
  )
})

test('a second server over the same folder is refused in words, after the first one it may start', async () => {
  const { folder } = fixture

  await expect(startStorage({ port: 0, folder })).rejects.toThrow(
    `${folder} is in use by another local Cloud Storage (process ${process.pid})`,
  )

  await fixture.restart()
  expect(await fixture.bucket.exists()).toEqual([true])
})

test('a deleted bucket leaves the files that somebody put into its folder', async () => {
  const path = join(fixture.folder, fixture.bucket.name, 'notes.txt')
  await writeFile(path, 'mine')

  await fixture.bucket.delete()

  expect(await readFile(path, 'utf8')).toBe('mine')
})
