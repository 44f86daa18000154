/** A replacement of some bytes of a text; it has no line breaks. */
export type Edit = { start: number; end: number; text: string }

/** A text with its edits; `original` takes a message about it back to the places of the text itself. */
export function edited(
  text: string,
  edits: Edit[],
): { sql: string; original(message: string): string } {
  const bytes = Buffer.from(text)
  let changed = bytes
  for (const edit of edits.toSorted((a, b) => b.start - a.start)) {
    const { start, end } = edit
    changed = Buffer.concat([
      changed.subarray(0, start),
      Buffer.from(textOf(edit, bytes)),
      changed.subarray(end),
    ])
  }
  return {
    sql: changed.toString('utf8'),
    original: (message) => withPlaceBefore(message, bytes, edits),
  }
}

/** Over as many lines as what it replaces, so that what is behind it keeps its line and column. */
function textOf({ start, end, text }: Edit, bytes: Buffer): string {
  const [, ...lines] = bytes.toString('utf8', start, end).split('\n')
  const last = lines.at(-1)
  if (last === undefined) return text
  const indent = ' '.repeat([...last].length - 1)
  return text.slice(0, -1) + '\n'.repeat(lines.length) + indent + text.slice(-1)
}

/** Where an edit begins, as messages tell places. */
export function placeOf(bytes: Buffer, offset: number): { line: number; column: number } {
  const before = bytes.toString('utf8', 0, offset).split('\n')
  return { line: before.length, column: [...(before.at(-1) ?? '')].length + 1 }
}

/** The place in a message, moved back by what the edits before it on its line have added. */
function withPlaceBefore(message: string, bytes: Buffer, edits: Edit[]): string {
  return message.replace(/\[at (\d+):(\d+)\]$/, (whole, line: string, column: string) => {
    let place = Number(column)
    for (const { start, end, text } of edits.toSorted((a, b) => a.start - b.start)) {
      const from = placeOf(bytes, start)
      const isBehind = from.line === Number(line) && place >= from.column + text.length
      if (isBehind) place -= text.length - (end - start)
    }
    return place === Number(column) ? whole : `[at ${line}:${place}]`
  })
}
