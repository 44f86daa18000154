import { notSupported } from '../../bigquery-error.ts'
import type { ResolvedNode } from '../analyzer/resolved-node.ts'
import { literalValue } from '../printer/expressions.ts'

/** GoogleSQL's `DateTimestampPart` by its numbers. */
const parts = [
  undefined,
  'YEAR',
  'MONTH',
  'DAY',
  'DAYOFWEEK',
  'DAYOFYEAR',
  'QUARTER',
  'HOUR',
  'MINUTE',
  'SECOND',
  'MILLISECOND',
  'MICROSECOND',
  'NANOSECOND',
  'DATE',
  'WEEK',
  'DATETIME',
  'TIME',
  'ISOYEAR',
  'ISOWEEK',
  'WEEK(MONDAY)',
  'WEEK(TUESDAY)',
  'WEEK(WEDNESDAY)',
  'WEEK(THURSDAY)',
  'WEEK(FRIDAY)',
  'WEEK(SATURDAY)',
] as const

export type DatePart = Exclude<(typeof parts)[number], undefined>

/** The part that an argument names. */
export function printPart(node: ResolvedNode | undefined): DatePart {
  const part = node?.kind === 'Literal' ? parts[literalValue(node).enumValue ?? 0] : undefined
  if (!part) throw notSupported('a date part that is no literal')
  node?.ignore('type')
  return part
}

/** Which weekday begins a week, Monday being 1. */
const weekStarts: Partial<Record<DatePart, number>> = {
  WEEK: 7,
  ISOWEEK: 1,
  'WEEK(MONDAY)': 1,
  'WEEK(TUESDAY)': 2,
  'WEEK(WEDNESDAY)': 3,
  'WEEK(THURSDAY)': 4,
  'WEEK(FRIDAY)': 5,
  'WEEK(SATURDAY)': 6,
}

export function weekStart(part: DatePart): number | undefined {
  return weekStarts[part]
}

const microsOf: Partial<Record<DatePart, number>> = {
  MICROSECOND: 1,
  MILLISECOND: 1_000,
  SECOND: 1_000_000,
  MINUTE: 60_000_000,
  HOUR: 3_600_000_000,
  DAY: 86_400_000_000,
}

/** So many times `size`: more than all times differ by stays more, and does not overflow. */
export function countOf(amount: string, size: number): string {
  return `bq.clamped(${amount}, CAST(${Math.floor(4e18 / size)} AS BIGINT)) * CAST(${size} AS BIGINT)`
}

/** How long the part is, where it always is as long. */
export function microseconds(part: DatePart): number | undefined {
  return microsOf[part]
}
