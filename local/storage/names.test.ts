import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { compareNames } from './names.ts'
import { startStorageFixture, type StorageFixture } from './testing.ts'

let fixture: StorageFixture

beforeAll(async () => {
  fixture = await startStorageFixture()
})

afterAll(() => fixture.stop())

const awkward = [
  '../../x',
  '../shop-events-landing/y',
  'a/../../../../z',
  '/absolute',
  'ends/with/slash/',
  'double//slash',
  './dot',
  'a/.',
  'nul\u0000byte',
  'back\\slash',
  'per%2Fcent',
  'question?mark#hash',
  'ünï/çødé/日本語/😀',
  `${'long/'.repeat(180)}name`,
  'x'.repeat(1_000),
  '.metadata/shop-events-landing/objects.jsonl',
]

test.each(awkward)('the object %j is stored inside the folder and comes back', async (name) => {
  await fixture.bucket.file(name).save(`I am ${name}`, { resumable: false })

  const [bytes] = await fixture.bucket.file(name).download()
  const [files] = await fixture.bucket.getFiles({ prefix: name })
  expect(String(bytes)).toBe(`I am ${name}`)
  expect(files.map((file) => file.name)).toContain(name)
  expect(await readdir(fixture.around)).toEqual(['folder'])
  expect(await readdir(fixture.folder)).toEqual(['.metadata', 'shop-events-landing'])
})

test('all of them are still there after a restart', async () => {
  await fixture.restart()

  for (const name of awkward) {
    const [bytes] = await fixture.bucket.file(name).download()
    expect(String(bytes)).toBe(`I am ${name}`)
  }
})

test('a name may be an object and a folder at once, whichever came first', async () => {
  const { bucket } = fixture
  const save = (name: string) => bucket.file(name).save(name, { resumable: false })

  await save('first')
  await save('first/inner')
  await save('second/inner/deep')
  await save('second/inner')
  await save('second')
  await bucket.file('second/inner').delete()
  await save('first')

  for (const name of ['first', 'first/inner', 'second', 'second/inner/deep']) {
    expect(String((await bucket.file(name).download())[0])).toBe(name)
  }
  expect(await bucket.file('second/inner').exists()).toEqual([false])
})

test('a file that somebody put into the folder is not overwritten', async () => {
  const path = join(fixture.folder, 'shop-events-landing', 'notes.txt')
  await writeFile(path, 'mine')

  await fixture.bucket.file('notes.txt').save('theirs', { resumable: false })

  expect(await readFile(path, 'utf8')).toBe('mine')
  expect(String((await fixture.bucket.file('notes.txt').download())[0])).toBe('theirs')
})

test('folders go when their last object goes', async () => {
  const file = fixture.bucket.file('folder/of/one')
  await file.save('x', { resumable: false })

  await file.delete()

  expect(await readdir(join(fixture.folder, 'shop-events-landing'))).not.toContain('folder')
})

test.each(['', '.', '..', 'line\nbreak', 'x'.repeat(1_025), '.well-known/acme-challenge/x'])(
  'the object name %j is refused',
  async (name) => {
    const url = `http://${fixture.endpoint.address}/upload/storage/v1/b/shop-events-landing/o`
    const query = new URLSearchParams({ uploadType: 'media', name })

    const response = await fetch(`${url}?${query}`, { method: 'POST', body: 'x' })

    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { code: 400, message: expect.any(String) },
    })
  },
)

test('names are ordered as their UTF-8 bytes are', () => {
  const names = ['b', 'a', 'a/', 'a\uffff', 'a\u{1f600}', 'é', 'a\ue000', '']

  const sorted = names.toSorted(compareNames)

  const bytewise = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
  expect(sorted).toEqual(bytewise)
})
