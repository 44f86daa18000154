import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStorageFixture, type StorageFixture } from './testing.ts'

let fixture: StorageFixture

beforeAll(async () => {
  fixture = await startStorageFixture()
})

afterAll(() => fixture.stop())

const created = { preconditionOpts: { ifGenerationMatch: 0 }, resumable: false }

test('a range of bytes is sent alone, an impossible one is refused', async () => {
  const file = fixture.bucket.file('ranges')
  await file.save('0123456789', created)
  const media = `http://${fixture.endpoint.address}/storage/v1/b/shop-events-landing/o/ranges?alt=media`

  expect(String((await file.download({ start: 2, end: 4 }))[0])).toBe('234')
  expect(String((await file.download({ start: 7 }))[0])).toBe('789')
  const suffix = await fetch(media, { headers: { range: 'bytes=-3' } })
  expect([suffix.status, suffix.headers.get('content-range'), await suffix.text()]).toEqual([
    206,
    'bytes 7-9/10',
    '789',
  ])
  const beyond = await fetch(media, { headers: { range: 'bytes=10-' } })
  expect(beyond.status).toBe(416)
})

test('gzip is sent as it is to who takes it, and undone for who does not', async () => {
  const file = fixture.bucket.file('zipped')
  await file.save('{"a":1}\n'.repeat(1_000), { ...created, gzip: true })
  const media = `http://${fixture.endpoint.address}/storage/v1/b/shop-events-landing/o/zipped?alt=media`

  const plain = await fetch(media, { headers: { 'accept-encoding': 'identity' } })
  const [raw] = await file.download({ decompress: false })

  expect(await plain.text()).toBe('{"a":1}\n'.repeat(1_000))
  expect(plain.headers.get('content-encoding')).toBeNull()
  expect(String(gunzipSync(raw))).toBe('{"a":1}\n'.repeat(1_000))
  expect((await file.getMetadata())[0]).toMatchObject({ contentEncoding: 'gzip' })
})
