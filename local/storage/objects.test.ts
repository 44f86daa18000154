import { createHash, randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32c } from '@node-rs/crc32'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startStorageFixture, type StorageFixture } from './testing.ts'

let fixture: StorageFixture

beforeAll(async () => {
  fixture = await startStorageFixture()
})

afterAll(() => fixture.stop())

const created = { preconditionOpts: { ifGenerationMatch: 0 }, resumable: false }

test('an object is a plain file under its own name', async () => {
  const name = 'output/order/2025/02/08/13/09/order_2025020813090001.json'

  await fixture.bucket.file(name).save('{"message_id":"1"}\n', created)

  const path = join(fixture.folder, 'shop-events-landing', name)
  expect(await readFile(path, 'utf8')).toBe('{"message_id":"1"}\n')
})

test.each([
  ['in one request', { resumable: false }],
  ['in a resumable upload', { resumable: true }],
])('bytes are stored as they were sent %s, with their checksums', async (_, options) => {
  const bytes = randomBytes(1_234_567)
  const file = fixture.bucket.file(`bytes/resumable-${options.resumable}`)

  await file.save(bytes, {
    ...options,
    contentType: 'application/x-test',
    metadata: { metadata: { batch_id: 'b1' } },
  })

  const stored = await readFile(join(fixture.folder, 'shop-events-landing', file.name))
  const [metadata] = await file.getMetadata()
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32c(bytes))
  expect(stored.equals(bytes)).toBe(true)
  expect(metadata).toMatchObject({
    size: String(bytes.length),
    md5Hash: createHash('md5').update(bytes).digest('base64'),
    crc32c: checksum.toString('base64'),
    contentType: 'application/x-test',
    metadata: { batch_id: 'b1' },
    metageneration: '1',
  })
})

test('an empty object exists', async () => {
  const file = fixture.bucket.file('empty')

  await file.save('', created)

  expect((await file.download())[0]).toHaveLength(0)
  expect((await file.getMetadata())[0]).toMatchObject({ size: '0', crc32c: 'AAAAAA==' })
})

test('of many writers of one new name exactly one succeeds, and its bytes stand', async () => {
  const writers = Array.from({ length: 32 }, (_, i) => `writer ${i}`)

  const outcomes = await Promise.allSettled(
    writers.map((text) => fixture.bucket.file('contested').save(text, created)),
  )

  const winners = writers.filter((_, i) => outcomes[i]?.status === 'fulfilled')
  expect(winners).toHaveLength(1)
  expect(String((await fixture.bucket.file('contested').download())[0])).toBe(winners[0])
  const reasons = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason] : []))
  expect(new Set(reasons.map(({ code }) => code))).toEqual(new Set([412]))
  expect(reasons[0].message).toBe('At least one of the pre-conditions you specified did not hold.')
  expect(reasons[0].errors[0].reason).toBe('conditionNotMet')
})

test('a generation can be demanded or ruled out for each use of an object', async () => {
  const { bucket } = fixture
  const file = bucket.file('conditions')
  await file.save('one', created)
  const first = Number(file.metadata.generation)
  await file.save('two', { resumable: false, preconditionOpts: { ifGenerationMatch: first } })
  const second = Number((await file.getMetadata())[0].generation)

  expect(second).toBeGreaterThan(first)
  const stale = { ifGenerationMatch: first }
  await expect(
    file.save('three', { resumable: false, preconditionOpts: stale }),
  ).rejects.toMatchObject({ code: 412 })
  await expect(file.delete(stale)).rejects.toMatchObject({ code: 412 })
  await expect(file.setMetadata({ metadata: { a: 'b' } }, stale)).rejects.toMatchObject({
    code: 412,
  })
  await expect(
    file.setMetadata({ metadata: { a: 'b' } }, { ifMetagenerationMatch: 7 }),
  ).rejects.toMatchObject({ code: 412 })
  await expect(bucket.file('conditions', { generation: first }).download()).rejects.toMatchObject({
    code: 404,
  })
  const address = `http://${fixture.endpoint.address}/storage/v1/b/${bucket.name}/o/conditions`
  expect((await fetch(`${address}?ifGenerationNotMatch=${second}`)).status).toBe(304)
  expect((await fetch(`${address}?ifGenerationNotMatch=${first}`)).status).toBe(200)
  expect((await fetch(`${address}?ifGenerationMatch=abc`)).status).toBe(400)
})

test('metadata is changed key by key and counted by its own generation', async () => {
  const file = fixture.bucket.file('described')
  await file.save('x', {
    ...created,
    metadata: { cacheControl: 'no-cache', metadata: { a: '1', b: '2' } },
  })

  await file.setMetadata({ metadata: { b: null, c: '3' }, contentType: 'text/plain' })

  const [metadata] = await file.getMetadata()
  expect(metadata).toMatchObject({
    metadata: { a: '1', c: '3' },
    contentType: 'text/plain',
    cacheControl: 'no-cache',
    metageneration: '2',
  })
  expect(metadata.metadata).not.toHaveProperty('b')
})

test('a checksum that does not fit the bytes is refused, and no object is left', async () => {
  const wrong = { crc32c: 'AAAAAA==', md5Hash: 'XrY7u+Ae7tCTyyK7j1rNww==' }

  for (const [field, value] of Object.entries(wrong)) {
    for (const resumable of [false, true]) {
      const file = fixture.bucket.file(`wrong-${field}-${resumable}`)
      const options = { resumable, validation: false, metadata: { [field]: value } }
      await expect(file.save('bytes', options)).rejects.toMatchObject({
        code: 400,
        message: expect.stringContaining("doesn't match calculated"),
      })
      expect(await file.exists()).toEqual([false])
    }
  }
})

test('objects are copied, moved and composed', async () => {
  const { bucket } = fixture
  const metadata = { contentType: 'text/plain', metadata: { batch_id: 'b' } }
  await bucket.file('part-1').save('one\n', { ...created, metadata })
  await bucket.file('part-2').save('two\n', { ...created, metadata })

  await bucket.file('part-1').copy(bucket.file('copied'))
  await bucket.file('part-2').move('moved')
  await bucket.combine(['part-1', 'moved', 'copied'], 'composed')

  expect(String((await bucket.file('composed').download())[0])).toBe('one\ntwo\none\n')
  const [composed] = await bucket.file('composed').getMetadata()
  expect(composed).toMatchObject({ componentCount: 3, contentType: 'text/plain' })
  expect(composed).not.toHaveProperty('md5Hash')
  expect((await bucket.file('copied').getMetadata())[0]).toMatchObject(metadata)
  expect(await bucket.file('part-2').exists()).toEqual([false])
})

test('what is missing is 404, in words', async () => {
  const { bucket, storage } = fixture

  await expect(bucket.file('none').download()).rejects.toMatchObject({
    code: 404,
    message: 'No such object: shop-events-landing/none',
  })
  await expect(bucket.file('none').delete()).rejects.toMatchObject({ code: 404 })
  await expect(bucket.file('none').getMetadata()).rejects.toMatchObject({
    code: 404,
    message: 'No such object: shop-events-landing/none',
  })
  await expect(storage.bucket('nowhere').file('a').save('x', created)).rejects.toMatchObject({
    code: 404,
    message: 'The specified bucket does not exist.',
  })
})

test('what Google would do and this server does not is refused in words', async () => {
  const { bucket } = fixture
  const refused = {
    code: 501,
    message: expect.stringMatching(/^not supported by the local Cloud Storage: /),
  }

  await expect(bucket.acl.get()).rejects.toMatchObject(refused)
  await expect(bucket.setMetadata({ versioning: { enabled: true } })).rejects.toMatchObject(refused)
  await expect(bucket.getFiles({ matchGlob: '**.json' })).rejects.toMatchObject(refused)
  await expect(bucket.file('part-1').setMetadata({ temporaryHold: true })).rejects.toMatchObject(
    refused,
  )
})
