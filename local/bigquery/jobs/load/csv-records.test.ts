import { expect, test } from 'vitest'
import { readCsv, type CsvOptions } from './csv-records.ts'

const options: CsvOptions = { delimiter: ',', quote: '"', allowQuotedNewlines: false }

/** Reads a text that arrives in pieces of this many bytes. */
async function read(text: string, overrides: Partial<CsvOptions> = {}, piece = 1000) {
  async function* chunks() {
    const bytes = Buffer.from(text)
    for (let at = 0; at < bytes.length; at += piece) yield bytes.subarray(at, at + piece)
  }
  const records = await Array.fromAsync(readCsv(chunks(), { ...options, ...overrides }))
  return records.flat()
}

async function texts(...args: Parameters<typeof read>) {
  return (await read(...args)).map(({ fields }) => fields.map(({ text }) => text))
}

const awkward = 'id,name\r\n1,"a ""b"", c"\n2,é€😀\n\n3,'

test.each([1, 2, 3, 7, 1000])('reads the same records from pieces of %i bytes', async (piece) => {
  expect(await texts(awkward, {}, piece)).toEqual([
    ['id', 'name'],
    ['1', 'a "b", c'],
    ['2', 'é€😀'],
    ['3', ''],
  ])
})

test('says at which byte a record starts', async () => {
  const records = await read('é,1\nb,2\n', {}, 3)

  expect(records.map(({ position }) => position)).toEqual([0, 5])
})

test('tells an empty field from an empty text', async () => {
  const [record] = await read('"",\n')

  expect(record?.fields).toEqual([
    { text: '', quoted: true },
    { text: '', quoted: false },
  ])
})

test('a line break inside quotes is refused unless it was allowed', async () => {
  await expect(texts('"a\nb",1\n')).rejects.toThrow('a quoted field holds a line break')
  expect(await texts('"a\nb",1\n', { allowQuotedNewlines: true })).toEqual([['a\nb', '1']])
})

test('takes another delimiter, and quotes as they are where nothing is quoted', async () => {
  expect(await texts('a|"b"\n', { delimiter: '|', quote: '' })).toEqual([['a', '"b"']])
})

test('a quote that is not closed is named', async () => {
  await expect(texts('1,"a\n')).rejects.toThrow('a quoted field is not closed')
})
