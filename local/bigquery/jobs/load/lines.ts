/** A line without its end, and the byte at which it starts in its file. */
export type Line = { text: string; position: number }

/** The lines of a file in lists, one for each chunk that arrives; blank lines are left out. */
export async function* readLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Line[]> {
  let rest: Buffer[] = []
  let position = 0
  for await (const chunk of chunks) {
    const end = chunk.lastIndexOf(newline)
    if (end < 0) {
      rest.push(chunk)
      continue
    }
    const whole = Buffer.concat([...rest, chunk.subarray(0, end)])
    yield linesOf(whole, position)
    position += whole.length + 1
    rest = [chunk.subarray(end + 1)]
  }
  const last = Buffer.concat(rest)
  if (last.length > 0) yield linesOf(last, position)
}

const newline = 0x0a

function linesOf(bytes: Buffer, start: number): Line[] {
  const lines: Line[] = []
  let from = 0
  while (from < bytes.length) {
    const found = bytes.indexOf(newline, from)
    const end = found < 0 ? bytes.length : found
    const text = bytes.toString('utf8', from, end)
    if (text.trim() !== '') lines.push({ text, position: start + from })
    from = end + 1
  }
  return lines
}
