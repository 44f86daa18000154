/** A place in protobuf bytes, moved on by the functions of this file. */
export type Reader = { readonly bytes: Buffer; at: number }

/** A tag, a length or any other number from 0 up. */
export function readNumber(from: Reader): number {
  const { bytes } = from
  let number = 0
  let unit = 1
  for (;;) {
    const byte = bytes[from.at++]
    if (byte === undefined) throw malformed()
    number += (byte & 0x7f) * unit
    if (byte < 0x80) return number
    unit *= 128
  }
}

/** Reads the length of a text, of bytes or of a message, and answers where it ends. */
export function readEnd(from: Reader): number {
  const length = readNumber(from)
  const end = from.at + length
  if (end > from.bytes.length) throw malformed()
  return end
}

export function readText(from: Reader): string {
  const end = readEnd(from)
  const text = from.bytes.toString('utf8', from.at, end)
  from.at = end
  return text
}

/** Goes past a field that nobody asked for. */
export function skip(from: Reader, tag: number): void {
  const type = tag & 7
  if (type === 0) readNumber(from)
  else if (type === 1) from.at += 8
  else if (type === 2) from.at = readEnd(from)
  else if (type === 5) from.at += 4
  else throw malformed()
}

function malformed(): Error {
  return new Error('Pub/Sub sent what is no protocol buffer message')
}
