import { alignedTable } from './table.ts'

/** What was found of one event type. */
export type Counts = {
  files: number
  lines: number
  rows: number
  /** Rows that BigQuery took twice. */
  repeatedRows: number
  /** Lines whose row names another file: an ingester ended between a file and its rows. */
  landedElsewhere: number
  /** Lines whose rows a load is to bring. */
  waiting: number
  /** Lines of a file so young that its ingester may not be done. */
  unsettled: number
  /** Lines whose rows have expired. */
  expired: number
  /** Numbers that no file of their minute has: an ingester ended before it used them. */
  unusedNumbers: number
  problems: number
}

export type Summary = Map<string, Counts>

const titles: Record<keyof Counts, string> = {
  files: 'files',
  lines: 'lines',
  rows: 'raw events',
  repeatedRows: 'twice',
  landedElsewhere: 'elsewhere',
  waiting: 'waiting',
  unsettled: 'unsettled',
  expired: 'expired',
  unusedNumbers: 'unused',
  problems: 'problems',
}

const meanings: Partial<Record<keyof Counts, string>> = {
  repeatedRows: 'raw events that BigQuery took twice; the typed tables hold their event once',
  landedElsewhere: 'lines of a file whose ingester ended before the rows: other files brought them',
  waiting: 'lines whose file waits to be loaded',
  unsettled: 'lines of files so young that the ingester may not be done with them',
  expired: 'lines whose rows are older than raw_events keeps them',
  unusedNumbers: 'numbers of files that an ingester claimed and did not use before it ended',
}

function emptyCounts(): Counts {
  return {
    files: 0,
    lines: 0,
    rows: 0,
    repeatedRows: 0,
    landedElsewhere: 0,
    waiting: 0,
    unsettled: 0,
    expired: 0,
    unusedNumbers: 0,
    problems: 0,
  }
}

export function countsOf(summary: Summary, eventType: string): Counts {
  const counts = summary.get(eventType) ?? emptyCounts()
  summary.set(eventType, counts)
  return counts
}

export function totalOf(summary: Summary): Counts {
  const total = emptyCounts()
  for (const counts of summary.values()) {
    for (const key of keysOf(total)) total[key] += counts[key]
  }
  return total
}

/** How far the check is, in a line. */
export function progressOf(summary: Summary, name: string): string {
  const { files, lines, problems } = totalOf(summary)
  return `${files} files, ${lines} lines, ${problems} problems, at ${name}`
}

/** A table with a row for each event type, and a sentence for each column that needs one. */
export function textOf(summary: Summary): string {
  const total = totalOf(summary)
  const columns = keysOf(total).filter((key) => total[key] > 0 || !(key in meanings))
  const cells = [
    ['', ...columns.map((key) => titles[key])],
    ...[...summary.keys()].toSorted().map((type) => rowOf(type, countsOf(summary, type))),
    rowOf('all', total),
  ]
  const notes = columns.flatMap((key) =>
    meanings[key] ? [`${titles[key]}: ${meanings[key]}`] : [],
  )
  return [alignedTable(cells), ...(notes.length > 0 ? [''] : []), ...notes].join('\n')

  function rowOf(name: string, counts: Counts): string[] {
    return [name, ...columns.map((key) => counts[key].toLocaleString('en'))]
  }
}

function keysOf(counts: Counts): (keyof Counts)[] {
  return Object.keys(counts) as (keyof Counts)[]
}
