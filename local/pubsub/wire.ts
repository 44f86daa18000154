import { invalidArgument } from './status-error.ts'

/** A place in protobuf bytes, moved on by the functions of this file. */
export type Reader = { bytes: Buffer; at: number; end: number }

export function reader(bytes: Buffer, at = 0, end = bytes.length): Reader {
  return { bytes, at, end }
}

export function readVarint(from: Reader): number {
  const { bytes, end } = from
  let value = 0
  let unit = 1
  for (let at = from.at; at < end; at++) {
    const byte = bytes[at] ?? 0
    value += (byte & 0x7f) * unit
    if (byte < 0x80) {
      from.at = at + 1
      return value
    }
    unit *= 128
  }
  throw malformed()
}

/** An int32 or int64; negative ones travel as ten bytes in two's complement, more bits than a number can hold. */
export function readInteger(from: Reader): number {
  const start = from.at
  const value = readVarint(from)
  if (from.at - start < 10) return value

  let bits = 0n
  for (let i = 0n; i < 10n; i++) {
    const byte = from.bytes[start + Number(i)] ?? 0
    bits |= BigInt(byte & 0x7f) << (7n * i)
  }
  return Number(BigInt.asIntN(64, bits))
}

/** Reads the length of a string, bytes or message and returns where it ends. */
export function readEnd(from: Reader): number {
  const length = readVarint(from)
  const end = from.at + length
  if (end > from.end) throw malformed()
  return end
}

export function readString(from: Reader): string {
  const end = readEnd(from)
  const text = from.bytes.toString('utf8', from.at, end)
  from.at = end
  return text
}

export function skip(from: Reader, tag: number): void {
  const type = tag & 7
  if (type === 0) readVarint(from)
  else if (type === 1) from.at += 8
  else if (type === 2) from.at = readEnd(from)
  else if (type === 5) from.at += 4
  else throw malformed()
  if (from.at > from.end) throw malformed()
}

export function varintSize(value: number): number {
  let size = 1
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 128)) size++
  return size
}

/** Returns the position after the number. */
export function writeVarint(bytes: Buffer, at: number, value: number): number {
  let rest = value
  while (rest >= 0x80) {
    bytes[at++] = (rest % 128) | 0x80
    rest = Math.floor(rest / 128)
  }
  bytes[at++] = rest
  return at
}

/** A field whose value is a string, bytes or an encoded message. */
export function encodeField(field: number, value: string | Buffer): Buffer {
  const content = typeof value === 'string' ? Buffer.from(value) : value
  const bytes = Buffer.alloc(varintSize(field * 8) + varintSize(content.length) + content.length)
  const start = writeVarint(bytes, writeVarint(bytes, 0, field * 8 + 2), content.length)
  content.copy(bytes, start)
  return bytes
}

/** A field whose value is a number from 0 up. */
export function encodeNumber(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(varintSize(field * 8) + varintSize(value))
  writeVarint(bytes, writeVarint(bytes, 0, field * 8), value)
  return bytes
}

function malformed(): Error {
  return invalidArgument('The request is no valid protocol buffer message.')
}
