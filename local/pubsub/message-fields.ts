import { encodeField, type Reader, readEnd, reader, readString, readVarint, skip } from './wire.ts'

/** The attributes of an encoded PubsubMessage. */
export function attributesOf(message: Buffer): Map<string, string> {
  const attributes = new Map<string, string>()
  const from = reader(message)
  while (from.at < from.end) {
    const tag = readVarint(from)
    if (tag !== 0x12) {
      skip(from, tag)
      continue
    }
    const [key, value] = readEntry(message, from)
    attributes.set(key, value)
  }
  return attributes
}

/** Empty where the message has none. */
export function orderingKeyOf(message: Buffer): string {
  let key = ''
  const from = reader(message)
  while (from.at < from.end) {
    const tag = readVarint(from)
    if (tag === 0x2a) key = readString(from)
    else skip(from, tag)
  }
  return key
}

/** An encoded PubsubMessage with more attributes; those of the same name are replaced. */
export function withAttributes(message: Buffer, attributes: Record<string, string>): Buffer {
  const entries = Object.entries(attributes).map(([key, value]) =>
    encodeField(2, Buffer.concat([encodeField(1, key), encodeField(2, value)])),
  )
  return Buffer.concat([message, ...entries])
}

function readEntry(message: Buffer, from: Reader): [string, string] {
  const end = readEnd(from)
  const entry = reader(message, from.at, end)
  let key = ''
  let value = ''
  while (entry.at < entry.end) {
    const tag = readVarint(entry)
    if (tag === 0x0a) key = readString(entry)
    else if (tag === 0x12) value = readString(entry)
    else skip(entry, tag)
  }
  from.at = end
  return [key, value]
}
