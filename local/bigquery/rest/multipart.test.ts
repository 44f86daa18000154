import { Readable } from 'node:stream'
import { expect, test } from 'vitest'
import { readMultipart } from './multipart.ts'

const body =
  '--b_1\r\ncontent-type: application/json\r\n\r\n{"a":1}\r\n' +
  '--b_1\r\ncontent-type: text/csv\r\n\r\n1,\r\n--b_\r\n2\r\n--b_1--\r\n'

function inPieces(text: string, size: number): Readable {
  const bytes = Buffer.from(text)
  const count = Math.ceil(bytes.length / size)
  return Readable.from(
    Array.from({ length: count }, (_, i) => bytes.subarray(i * size, (i + 1) * size)),
  )
}

test.each([1, 3, 10, 1000])('splits a body that comes in pieces of %i bytes', async (size) => {
  const type = 'multipart/related; boundary="b_1"'
  const { metadata, media } = await readMultipart(inPieces(body, size), type)

  expect(metadata).toBe('{"a":1}')
  expect(Buffer.concat(await Array.fromAsync(media)).toString()).toBe('1,\r\n--b_\r\n2')
})

test('lines may end with a line feed alone, as the generic client of Python ends them', async () => {
  const lines =
    '--b\nContent-Type: application/json\n\n{}\n--b\nContent-Type: */*\n\n1\r\n2\n\n--b--\n'
  const { metadata, media } = await readMultipart(
    inPieces(lines, 7),
    'multipart/related; boundary=b',
  )

  expect(metadata).toBe('{}')
  expect(Buffer.concat(await Array.fromAsync(media)).toString()).toBe('1\r\n2\n')
})

test('an upload that is cut off is an error, not a shorter file', async () => {
  const cut = body.slice(0, body.indexOf('\r\n2'))
  const { media } = await readMultipart(inPieces(cut, 10), 'multipart/related; boundary=b_1')

  await expect(Array.fromAsync(media)).rejects.toThrow('it ends too early')
})

test('a content type without a boundary is named', async () => {
  await expect(readMultipart(inPieces(body, 10), 'application/json')).rejects.toThrow(
    "its content type is 'application/json'",
  )
})
