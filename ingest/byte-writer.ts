/** Bytes that grow at their end, by the functions of this file. */
export type Writer = { bytes: Buffer; at: number }

/** The most that UTF-8 takes for a unit of a JavaScript string. */
const widest = 3
const quote = 0x22
const backslash = 0x5c

/** A writer that has to grow only if `expected` was too small. */
export function createWriter(expected: number): Writer {
  return { bytes: Buffer.allocUnsafeSlow(expected), at: 0 }
}

export function written({ bytes, at }: Writer): Buffer {
  return bytes.subarray(0, at)
}

export function writeText(to: Writer, text: string): void {
  makeRoom(to, text.length * widest)
  to.at += to.bytes.write(text, to.at)
}

export function writeBytes(to: Writer, bytes: Buffer): void {
  makeRoom(to, bytes.length)
  to.at += bytes.copy(to.bytes, to.at)
}

/** Writes a JSON text as the inside of a JSON string. Its only control characters are blanks. */
export function writeEscaped(to: Writer, json: Buffer): void {
  makeRoom(to, json.length * 2)
  const { bytes } = to
  const { length } = json
  let { at } = to
  for (let i = 0; i < length; i++) {
    const byte = json[i] as number
    // Nearly all bytes are past this one comparison with what comes first of ASCII.
    if (byte > quote && byte !== backslash) bytes[at++] = byte
    else {
      if (byte >= quote) bytes[at++] = backslash
      bytes[at++] = byte < 0x20 ? 0x20 : byte
    }
  }
  to.at = at
}

function makeRoom(to: Writer, size: number): void {
  if (to.at + size <= to.bytes.length) return
  const larger = Buffer.allocUnsafeSlow(Math.max(to.bytes.length * 2, to.at + size))
  to.bytes.copy(larger, 0, 0, to.at)
  to.bytes = larger
}
