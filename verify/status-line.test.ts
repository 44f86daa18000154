import { expect, test } from 'vitest'
import { createStatusLine } from './status-line.ts'

/** What a status line writes that is shown each 100 ms. */
function writtenTo(isTTY: boolean, texts: string[]): string[] {
  const written: string[] = []
  const stream = { isTTY, columns: 10, write: (text: string) => written.push(text) > 0 }
  let now = 0
  const line = createStatusLine(stream, 300, () => now)
  for (const text of texts) {
    now += 100
    line.show(() => text)
  }
  line.clear()
  return written
}

test('on a terminal one line changes, no longer than the terminal is wide, and goes', () => {
  expect(writtenTo(true, ['a', 'b', 'c', '0123456789'])).toEqual([
    '\r\x1b[Kb',
    '\r\x1b[K012345678',
    '\r\x1b[K',
  ])
})

test('elsewhere a line comes now and then, and stays', () => {
  expect(writtenTo(false, ['a', 'b', 'c', 'd'])).toEqual(['c\n'])
})
