import { expect, test } from 'vitest'
import { ackIdText, readAckId, writeAckId } from './ack-ids.ts'
import { decodeAckRequest } from './ack-requests.ts'
import {
  encodeField,
  reader,
  readInteger,
  readVarint,
  skip,
  varintSize,
  writeVarint,
} from './wire.ts'

const numbers = [0, 1, 127, 128, 300, 2 ** 31, 2 ** 32, 2 ** 40 + 5, Number.MAX_SAFE_INTEGER]

test.each(numbers)('%i is written in as many bytes as it was said, and read back', (number) => {
  const bytes = Buffer.alloc(16)

  const end = writeVarint(bytes, 0, number)

  const from = reader(bytes, 0, end)
  expect(end).toBe(varintSize(number))
  expect([readVarint(from), from.at]).toEqual([number, end])
})

test.each([-1, -600, -(2 ** 31), -(2 ** 53)])('%i is read from its ten bytes', (number) => {
  const bytes = Buffer.alloc(10)
  let bits = BigInt.asUintN(64, BigInt(number))
  for (let i = 0; i < 10; i++, bits >>= 7n) bytes[i] = Number(bits & 0x7fn) | (i < 9 ? 0x80 : 0)

  expect(readInteger(reader(bytes))).toBe(number)
})

test.each([
  ['a number that does not end', [0x80, 0x80]],
  ['a string longer than the message', [0x0a, 0x05, 0x61]],
  ['a group, which nobody sends', [0x0b]],
  ['eight bytes of which three are there', [0x09, 1, 2, 3]],
])('bytes that are no message are refused: %s', (_, bytes) => {
  const read = () => {
    const from = reader(Buffer.from(bytes))
    while (from.at < from.end) skip(from, readVarint(from))
  }

  expect(read).toThrow('The request is no valid protocol buffer message.')
})

test('an ack id is read as it was written, and nothing else is one', () => {
  for (const number of [0, 1, 1_795_239_292_612_000, Number.MAX_SAFE_INTEGER]) {
    const bytes = Buffer.alloc(16)
    writeAckId(bytes, 0, number)
    expect(bytes.toString()).toBe(ackIdText(number))
    expect(readAckId(bytes, 0, 16)).toBe(number)
  }
  for (const text of ['', 'abc', '000000000000000g', '0000000000000000f', '000000000000000F']) {
    expect(readAckId(Buffer.from(text), 0, text.length)).toBe(-1)
  }
})

test('the first bad ack id of a request is named', () => {
  const fields = [encodeField(1, 's'), encodeField(2, 'bad'), encodeField(2, 'worse')]

  const request = decodeAckRequest(Buffer.concat(fields), 2)

  expect(request).toMatchObject({ subscription: 's', badAckId: 'bad' })
})
