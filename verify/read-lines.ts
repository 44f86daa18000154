import { crc32c } from '@node-rs/crc32'

/** What is known of a file when all of its bytes were read. */
export type Reading = {
  crc32c: string
  /** The last line has its line break: nothing was cut off. */
  isWhole: boolean
}

/** The lines of a file as its bytes come; of a large file only one line is held at a time. */
export async function* readLines(bytes: AsyncIterable<Buffer>): AsyncGenerator<string, Reading> {
  let checksum = 0
  let rest: Buffer[] = []
  for await (const chunk of bytes) {
    checksum = crc32c(chunk, checksum)
    let from = 0
    for (let end = chunk.indexOf(0x0a); end >= 0; end = chunk.indexOf(0x0a, from)) {
      yield Buffer.concat([...rest, chunk.subarray(from, end)]).toString()
      rest = []
      from = end + 1
    }
    if (from < chunk.length) rest.push(chunk.subarray(from))
  }
  const isWhole = rest.length === 0
  if (!isWhole) yield Buffer.concat(rest).toString()

  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(checksum)
  return { crc32c: sum.toString('base64'), isWhole }
}
