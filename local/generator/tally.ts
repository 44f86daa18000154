import type { Publication } from './faults.ts'

/** What was published so far, counted. */
export type Tally = {
  messages: number
  events: number
  byType: Record<string, number>
  byFault: Record<string, number>
  malformed: number
  duplicates: number
  late: number
  outOfOrder: number
}

export function emptyTally(): Tally {
  return {
    messages: 0,
    events: 0,
    byType: {},
    byFault: {},
    malformed: 0,
    duplicates: 0,
    late: 0,
    outOfOrder: 0,
  }
}

/** Adds messages to the tally, in place. */
export function count(tally: Tally, publications: Publication[]): void {
  for (const { eventType, fault, isDuplicate, delay } of publications) {
    tally.messages += 1
    tally.byType[eventType] = (tally.byType[eventType] ?? 0) + 1
    if (isDuplicate) {
      tally.duplicates += 1
      continue
    }
    tally.events += 1
    if (delay === 'late') tally.late += 1
    if (delay === 'out-of-order') tally.outOfOrder += 1
    if (!fault) continue
    tally.malformed += 1
    tally.byFault[fault] = (tally.byFault[fault] ?? 0) + 1
  }
}

/** One sentence for a person. */
export function tell(tally: Tally): string {
  const types = Object.entries(tally.byType).map(
    ([type, messages]) => `${grouped(messages)} ${type}`,
  )
  const parts = [
    [tally.malformed, 'malformed'],
    [tally.duplicates, 'published twice'],
    [tally.late, 'late'],
    [tally.outOfOrder, 'out of order'],
  ] as const
  const faults = parts
    .filter(([number]) => number > 0)
    .map(([number, name]) => `${grouped(number)} ${name}`)
  const sum = `${grouped(tally.messages)} messages (${types.join(', ') || 'none'})`
  return faults.length > 0 ? `${sum}; of these ${faults.join(', ')}` : sum
}

/** 12,345 */
export function grouped(number: number): string {
  return number.toLocaleString('en-US')
}
