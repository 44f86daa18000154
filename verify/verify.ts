import type { Readable } from 'node:stream'
import type { Bucket } from '@google-cloud/storage'
import { checkFile } from './check-file.ts'
import { explainLines } from './explain-lines.ts'
import { readFileName, type FileName } from './file-name.ts'
import { createGaps } from './gaps.ts'
import type { LandedRows, RowsOfObject } from './landed-rows.ts'
import { findObject, listObjects, type StoredFile } from './list-objects.ts'
import { startLimited } from './limited.ts'
import { mergeByName, type Found } from './merge-by-name.ts'
import type { Span } from './span.ts'
import { countsOf, type Summary } from './summary.ts'

export type Verification = {
  bucket: Bucket
  rows: LandedRows
  spans: Span[]
  /** Files that were created later may lack rows: their ingester may be at work. */
  settledBefore: number
  /** Files that were created earlier may lack rows: they have expired. */
  keptSince: number
  onProblem(sentence: string): void
  onFile(name: FileName, lines: number): void
  onProgress(summary: Summary, name: string): void
}

type Sources = { file: StoredFile; note: StoredFile; rows: RowsOfObject }

const notesFolder = 'pending/'
const filesAtATime = 8

/**
 * Holds every file of the spans against the rows that name it, and every such row against its file.
 * Each stream is read in the order of names, so that little of it is held at a time.
 */
export async function verify(verification: Verification): Promise<Summary> {
  const { bucket, rows, spans, onProgress } = verification
  const summary: Summary = new Map()
  const gaps = createGaps()
  const checks = startLimited(filesAtATime)

  for (const span of spans) {
    const found = mergeByName<Sources>({
      // Read first: what is noted or landed later than a page of these is looked up again.
      file: listObjects(bucket, span),
      note: listNotes(bucket, span),
      rows: rows.ofSpan(span),
    })
    for await (const each of found) {
      const parsed = readFileName(each.name)
      if (parsed) gaps.see(parsed)
      noteUnused(summary, gaps.take())
      await checks.start(() => checkName(each, parsed, verification, summary))
      onProgress(summary, each.name)
    }
  }
  noteUnused(summary, gaps.take(true))
  await checks.end()
  return summary
}

async function checkName(
  { name, file, note, rows }: Found<Sources>,
  parsed: FileName | undefined,
  verification: Verification,
  summary: Summary,
): Promise<void> {
  const { bucket, onProblem, onFile } = verification
  const counts = countsOf(summary, parsed?.eventType ?? 'other')
  const report = (sentence: string) => {
    counts.problems++
    onProblem(sentence)
  }
  const stored = file ?? (await findObject(bucket, name))
  if (!stored) {
    if (rows) report(`${name}: there is no such file, but ${namedBy(rows)}`)
    if (note)
      report(`${name}: there is no such file, but a note says that its rows are to be loaded`)
    return
  }
  counts.files++
  if (!parsed) {
    const form =
      'output/<event type>/<yyyy>/<MM>/<dd>/<HH>/<mm>/<event type>_<yyyyMMddHHmm><NNNN>.json'
    report(`${name}: the ingester gives no file such a name, expected ${form}`)
    return
  }
  const bytes = bucket.file(name).createReadStream({ validation: false, decompress: false })
  // Of a file that does not come in one piece Google's client listens to the answer eleven times.
  bytes.on('response', (answer: Readable) => answer.setMaxListeners(20))
  const check = await checkFile(stored, parsed, rows?.rows ?? new Map(), bytes)
  counts.lines += check.lines
  onFile(parsed, check.lines)
  counts.rows += check.rows
  counts.repeatedRows += check.repeatedRows
  for (const problem of check.problems) report(problem)
  if (check.withoutRow.size === 0) return

  const isNoted = note !== undefined || (await findObject(bucket, notesFolder + name)) !== undefined
  if (isNoted) counts.waiting += check.withoutRow.size
  else await explainLines(check.withoutRow, { stored, parsed, counts, report }, verification)
}

function namedBy({ rows }: RowsOfObject): string {
  const [[first] = ['']] = rows
  return rows.size === 1
    ? `the row of message ${first} names it`
    : `${rows.size} rows name it, such as that of message ${first}`
}

/** Notes as if they had the names of their files. */
async function* listNotes(bucket: Bucket, span: Span): AsyncGenerator<StoredFile> {
  const { prefix, start, end } = span
  const noted = {
    prefix: notesFolder + prefix,
    start: notesFolder + start,
    end: notesFolder + end,
  }
  for await (const note of listObjects(bucket, noted)) {
    yield { ...note, name: note.name.slice(notesFolder.length) }
  }
}

function noteUnused(summary: Summary, names: string[]): void {
  for (const name of names) {
    countsOf(summary, readFileName(name)?.eventType ?? 'other').unusedNumbers++
  }
}
