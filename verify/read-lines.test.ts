import { crc32c } from '@node-rs/crc32'
import { expect, test } from 'vitest'
import { readLines } from './read-lines.ts'

async function read(text: string, chunkBytes: number) {
  const bytes = Buffer.from(text)
  async function* chunks() {
    for (let from = 0; from < bytes.length; from += chunkBytes) {
      yield bytes.subarray(from, from + chunkBytes)
    }
  }
  const reader = readLines(chunks())
  const lines: string[] = []
  let next = await reader.next()
  for (; !next.done; next = await reader.next()) lines.push(next.value)
  return { lines, ...next.value }
}

test.each([1, 2, 5, 100])('lines are whole however the bytes come, %i at a time', async (size) => {
  const text = 'ä one\n\ntwo €\nthree\n'
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32c(Buffer.from(text)))

  expect(await read(text, size)).toEqual({
    lines: ['ä one', '', 'two €', 'three'],
    isWhole: true,
    crc32c: sum.toString('base64'),
  })
})

test('a last line without its line break is told', async () => {
  expect(await read('one\ntwo', 3)).toMatchObject({ lines: ['one', 'two'], isWhole: false })
  expect(await read('', 3)).toMatchObject({ lines: [], isWhole: true })
})
