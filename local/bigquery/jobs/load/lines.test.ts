import { expect, test } from 'vitest'
import { readLines } from './lines.ts'

async function* pieces(text: string, size: number) {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

test.each([1, 2, 5, 100])(
  'finds the lines and their places in pieces of %i bytes',
  async (size) => {
    const lines = (
      await Array.fromAsync(readLines(pieces('{"é":1}\r\n\n  \n{}\nlast', size)))
    ).flat()

    expect(lines.map(({ text, position }) => [text.trim(), position])).toEqual([
      ['{"é":1}', 0],
      ['{}', 14],
      ['last', 17],
    ])
  },
)
