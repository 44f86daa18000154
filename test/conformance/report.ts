import { familyOf, type Case } from './cases.ts'
import type { Outcome } from './run-case.ts'

export type Judged = { recorded: Case; outcome: Outcome }

/** A line for each different case, then the figures of each family, of those marked p1 and of all. */
export function report(judged: Judged[], { listRefused }: { listRefused: boolean }): string {
  const listed = judged.filter(
    ({ outcome: { outcome } }) => outcome === 'different' || (listRefused && outcome === 'refused'),
  )
  const lines = listed.map(
    ({ recorded, outcome }) => `${outcome.outcome}  ${recorded.case.id}: ${outcome.detail}`,
  )
  const families = Map.groupBy(judged, ({ recorded }) => familyOf(recorded))
  const groups: [string, Judged[]][] = [
    ...[...families].toSorted(([a], [b]) => a.localeCompare(b)),
    ['p1', judged.filter(({ recorded }) => recorded.case.p1)],
    ['all', judged],
  ]
  const rows = groups.map(([name, group]) => figures(name, group))
  const table = [['', 'cases', 'same', 'refused', 'different'], ...rows].map(tableLine)
  return [...lines, ...(lines.length > 0 ? [''] : []), ...table].join('\n')
}

function figures(name: string, group: Judged[]): string[] {
  const count = (wanted: string) => group.filter(({ outcome }) => outcome.outcome === wanted).length
  const same = count('same')
  const share = group.length === 0 ? '' : ` ${((100 * same) / group.length).toFixed(1)} %`
  return [
    name,
    String(group.length),
    `${same}${share}`,
    `${count('refused')}`,
    `${count('different')}`,
  ]
}

function tableLine([name = '', ...cells]: string[]): string {
  return name.padEnd(26) + cells.map((cell) => cell.padStart(13)).join('')
}
