import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStorageFixture, type StorageFixture } from './testing.ts'

const bytes = randomBytes(600_000)
let fixture: StorageFixture

beforeAll(async () => {
  fixture = await startStorageFixture()
})

afterAll(() => fixture.stop())

/** Starts an upload and returns where its pieces go. */
async function start(name: string, query = '', metadata: object = {}): Promise<string> {
  const url = `http://${fixture.endpoint.address}/upload/storage/v1/b/shop-events-landing/o`
  const response = await fetch(`${url}?uploadType=resumable&name=${name}${query}`, {
    method: 'POST',
    headers: { 'x-upload-content-type': 'text/plain' },
    body: JSON.stringify(metadata),
  })
  expect(response.status).toBe(200)
  return response.headers.get('location') ?? ''
}

async function put(
  location: string,
  contentRange: string,
  body = Buffer.alloc(0),
  headers: Record<string, string> = {},
) {
  const response = await fetch(location, {
    method: 'PUT',
    headers: { 'content-range': contentRange, ...headers },
    body,
  })
  const text = await response.text()
  return { status: response.status, range: response.headers.get('range'), text }
}

async function download(name: string): Promise<Buffer> {
  const url = `http://${fixture.endpoint.address}/storage/v1/b/shop-events-landing/o/${name}`
  const response = await fetch(`${url}?alt=media`)
  return Buffer.from(await response.arrayBuffer())
}

test('pieces are put together, and the server tells how much has arrived', async () => {
  const location = await start('pieces')

  expect(await put(location, 'bytes */*')).toMatchObject({ status: 308, range: null })
  expect(await put(location, 'bytes 0-262143/*', bytes.subarray(0, 262_144))).toMatchObject({
    status: 308,
    range: 'bytes=0-262143',
  })
  expect(await put(location, 'bytes */600000')).toMatchObject({
    status: 308,
    range: 'bytes=0-262143',
  })
  const last = await put(location, 'bytes 262144-599999/600000', bytes.subarray(262_144))

  expect(last.status).toBe(200)
  expect(JSON.parse(last.text)).toMatchObject({ size: '600000', contentType: 'text/plain' })
  expect((await download('pieces')).equals(bytes)).toBe(true)
})

test('a client that did not get the last answer gets it again', async () => {
  const location = await start('lost-answer')
  const first = await put(location, 'bytes 0-*/*', bytes)

  const again = await put(location, 'bytes */*')

  expect(again).toEqual(first)
})

test('a piece that is sent again changes nothing, one that leaves a gap is refused', async () => {
  const location = await start('overlap')
  await put(location, 'bytes 0-99999/*', bytes.subarray(0, 100_000))

  expect((await put(location, 'bytes 100001-599999/600000', bytes.subarray(100_001))).status).toBe(
    400,
  )
  expect((await put(location, 'bytes 50000-599999/600000', bytes.subarray(50_000))).status).toBe(
    200,
  )

  expect((await download('overlap')).equals(bytes)).toBe(true)
})

test('what arrived before a connection broke is kept, and no object appears', async () => {
  const location = await start('broken')
  await new Promise((resolve) => {
    const half = request(location, {
      method: 'PUT',
      headers: { 'content-range': 'bytes 0-599999/600000', 'content-length': '600000' },
    })
    half.on('error', resolve)
    half.write(bytes.subarray(0, 200_000), () => setTimeout(() => half.destroy(), 50))
    half.on('close', resolve)
  })

  expect(await fixture.bucket.file('broken').exists()).toEqual([false])
  let status = await put(location, 'bytes */*')
  while (status.status === 409) status = await put(location, 'bytes */*')
  const from = Number(status.range?.split('-')[1] ?? -1) + 1
  expect((await put(location, `bytes ${from}-599999/600000`, bytes.subarray(from))).status).toBe(
    200,
  )
  expect((await download('broken')).equals(bytes)).toBe(true)
})

test('the conditions of the start hold at the end', async () => {
  const first = await start('late', '&ifGenerationMatch=0')
  const second = await start('late', '&ifGenerationMatch=0')

  expect((await put(first, 'bytes 0-*/*', Buffer.from('first'))).status).toBe(200)
  expect((await put(second, 'bytes 0-*/*', Buffer.from('second'))).status).toBe(412)

  expect(String(await download('late'))).toBe('first')
  expect((await put(second, 'bytes */*')).status).toBe(404)
})

test('checksums that come with the last piece are checked', async () => {
  const location = await start('checked')

  const refused = await put(location, 'bytes 0-*/*', bytes, { 'x-goog-hash': 'crc32c=AAAAAA==' })

  expect(refused.status).toBe(400)
  expect(refused.text).toContain("doesn't match calculated")
  expect(await fixture.bucket.file('checked').exists()).toEqual([false])
})

test('a cancelled upload is over', async () => {
  const location = await start('cancelled')

  expect((await fetch(location, { method: 'DELETE' })).status).toBe(499)

  expect((await put(location, 'bytes 0-*/*', bytes)).status).toBe(404)
})

test('a range that is none is refused in words', async () => {
  const location = await start('odd')

  const answer = await put(location, 'bytes x-y/z', bytes)

  expect(answer.status).toBe(400)
  expect(answer.text).toContain('Failed to parse Content-Range header: bytes x-y/z')
})

test('an upload into a bucket that was deleted meanwhile finds no bucket', async () => {
  const [bucket] = await fixture.storage.createBucket('short-lived')
  const url = `http://${fixture.endpoint.address}/upload/storage/v1/b/short-lived/o`
  const started = await fetch(`${url}?uploadType=resumable&name=x`, { method: 'POST' })
  await bucket.delete()

  const answer = await put(started.headers.get('location') ?? '', 'bytes 0-*/*', bytes)

  expect(answer.status).toBe(404)
  expect(answer.text).toContain('The specified bucket does not exist.')
})
