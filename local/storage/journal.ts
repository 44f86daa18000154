import {
  closeSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { CommandError } from '../../command/command.ts'

/**
 * A file of JSON lines, one for each change, written whole before the change counts. A process that is
 * killed leaves at most a last line without its end, which is as if it had never been written.
 */
export type Journal<Entry> = { entries: Entry[]; append(entry: Entry): void; close(): void }

/** Reads what is there and goes on behind it. */
export function openJournal<Entry>(path: string): Journal<Entry> {
  const text = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const complete = text.slice(0, text.lastIndexOf('\n') + 1)
  const lines = complete.split('\n').slice(0, -1)
  const entries = lines.map((line, i) => parseLine<Entry>(line, `${path}:${i + 1}`))
  if (complete !== text) writeJournal(path, entries)

  let file: number | undefined = openSync(path, 'a')
  return {
    entries,
    append(entry) {
      // The number of a closed file may by now be that of another one.
      if (file === undefined) throw new Error(`${path} is closed`)
      writeSync(file, lineOf(entry))
    },
    close() {
      if (file !== undefined) closeSync(file)
      file = undefined
    },
  }
}

/** Replaces a journal by a shorter one that says the same. */
export function writeJournal<Entry>(path: string, entries: Entry[]): void {
  const temporary = `${path}.new`
  writeFileSync(temporary, entries.map(lineOf).join(''))
  renameSync(temporary, path)
}

function lineOf(entry: unknown): string {
  return `${JSON.stringify(entry)}\n`
}

function parseLine<Entry>(line: string, place: string): Entry {
  try {
    return JSON.parse(line)
  } catch (cause) {
    throw new CommandError(`${place} is not a line that the local Cloud Storage wrote`, { cause })
  }
}
