import { batchIdOf } from '../ingest/batcher.ts'
import { contentOfLine, differingColumns, type LineContent, type RowContent } from './content.ts'
import type { FileName } from './file-name.ts'
import type { StoredFile } from './list-objects.ts'
import { readLines } from './read-lines.ts'

export type LineWithoutRow = { number: number; content: LineContent }

export type FileCheck = {
  lines: number
  rows: number
  /** Rows beyond the first of a line: BigQuery took them twice. */
  repeatedRows: number
  /** By message id. */
  withoutRow: Map<string, LineWithoutRow>
  problems: string[]
}

/** Holds a file against its name, its metadata, its checksum and the rows that name it. */
export async function checkFile(
  { name, crc32c, metadata }: StoredFile,
  { eventType, minute }: FileName,
  rows: ReadonlyMap<string, RowContent[]>,
  bytes: AsyncIterable<Buffer>,
): Promise<FileCheck> {
  const problems: string[] = []
  const withoutRow = new Map<string, LineWithoutRow>()
  const ids: string[] = []
  let source = 'pubsub'

  function checkLine(text: string): void {
    const place = `${name}, line ${ids.length + 1}`
    let line: LineContent
    try {
      line = contentOfLine(text)
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error
      ids.push('')
      problems.push(`${place}: expected a JSON object (${error.message})`)
      return
    }
    const { message_id: id, object_name } = line
    ids.push(id)
    source = line.source
    const says = (what: string, expected: string, found: string) =>
      problems.push(`${place}: ${what} of message ${id} is ${found}, expected ${expected}`)
    if (object_name !== name) says('object_name', name, object_name)
    if (line.event_type !== eventType) says('event_type', eventType, line.event_type)
    const published = publishMinuteOf(line)
    if (published !== minute) says('the publish minute', minute, published)

    const own = rows.get(id) ?? []
    if (own.length === 0) withoutRow.set(id, { number: ids.length, content: line })
    for (const row of own) {
      const columns = differingColumns(line, row)
      if (columns.length === 0) continue
      problems.push(`${place}: the row of message ${id} has another ${columns.join(', ')}`)
    }
  }

  const lines = readLines(bytes)
  let next = await lines.next()
  for (; !next.done; next = await lines.next()) checkLine(next.value)
  const { isWhole, crc32c: sum } = next.value

  if (!isWhole) problems.push(`${name}: its last line is cut off, expected a line break at its end`)
  if (sum !== crc32c) {
    problems.push(
      `${name}: the crc32c of its content is ${sum}, expected ${crc32c} as it was stored`,
    )
  }
  for (const [key, expected] of Object.entries(expectedMetadata(ids, source))) {
    if (metadata[key] === expected) continue
    problems.push(`${name}: its metadata say ${key} = ${metadata[key]}, its lines say ${expected}`)
  }
  const known = new Set(ids)
  for (const id of rows.keys()) {
    if (!known.has(id)) problems.push(`${name}: a row of message ${id} names it, but no line does`)
  }
  const counts = [...rows.values()].map(({ length }) => length)
  const total = counts.reduce((all, count) => all + count, 0)
  return { lines: ids.length, rows: total, repeatedRows: total - rows.size, withoutRow, problems }
}

/** What is written beside a file with these messages, which are all of one source. */
function expectedMetadata(ids: readonly string[], source: string): Record<string, string> {
  return {
    lines: String(ids.length),
    batch_id: batchIdOf(ids, source),
    first_message_id: ids[0] ?? '',
    last_message_id: ids.at(-1) ?? '',
  }
}

function publishMinuteOf({ publish_time: micros }: LineContent): string {
  return /^-?\d+$/.test(micros)
    ? new Date(Number(BigInt(micros) / 1000n)).toISOString().slice(0, 16)
    : micros
}
