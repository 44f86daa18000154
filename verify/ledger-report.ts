import { ledgerColumns, type LedgerAnswer, type LedgerHour } from './ledger.ts'
import type { LinesOfHour } from './lines-of-hours.ts'
import { alignedTable } from './table.ts'

/** A sentence for each publish hour in which the ledger counts another number, or does not balance. */
export function ledgerProblems(
  { hours }: LedgerAnswer,
  lines: (hour: string, eventType: string) => LinesOfHour,
): { eventType: string; sentence: string }[] {
  return hours.flatMap(({ hour, eventType, landed, example, ...counts }) => {
    const place = `the ledger, ${eventType} published in ${hour}`
    const inFiles = lines(hour, eventType)
    const { unaccounted, booked_twice } = counts
    const sentences = [
      counts.raw_events !== landed &&
        `${place}: it counts ${rawEvents(counts.raw_events)}, but raw_events has ${landed} ` +
          `(the files: ${inFiles.lines} lines in ${inFiles.files} files)`,
      unaccounted > 0 &&
        `${place}: ${rawEvents(unaccounted)} neither typed, rejected nor a duplicate, such as that of message ${example}`,
      booked_twice > 0 &&
        `${place}: ${rawEvents(booked_twice)} booked twice, such as that of message ${example}`,
    ]
    return sentences.filter((each) => each !== false).map((sentence) => ({ eventType, sentence }))
  })
}

function rawEvents(count: number): string {
  return count === 1 ? '1 raw event' : `${count} raw events`
}

/** What the ledger counts, with a row for each event type. */
export function ledgerText({ countedUntil, hours }: LedgerAnswer): string {
  if (countedUntil === undefined) {
    return 'The ledger is not compared: it has counted nothing yet. npx dataform run makes it count.'
  }
  const heading = `The ledger, of what arrived before ${countedUntil}:`
  const shown = ledgerColumns.filter(
    (column, at) => at < 5 || hours.some((counts) => counts[column] !== 0),
  )
  const rowOf = (name: string, of: LedgerHour[]) => [
    name,
    ...shown.map((column) =>
      of.reduce((sum, counts) => sum + counts[column], 0).toLocaleString('en'),
    ),
  ]
  const byType = Map.groupBy(hours, ({ eventType }) => eventType)
  const rows = [...byType].map(([eventType, of]) => rowOf(eventType, of))
  const titles = ['', ...shown.map((column) => column.replace('_', ' '))]
  return `${heading}\n${alignedTable([titles, ...rows, rowOf('all', hours)])}`
}
