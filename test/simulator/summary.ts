import { grouped } from '../../local/generator/tally.ts'
import { faultKinds, type FaultKind } from './faults.ts'
import type { Outcome } from './simulate.ts'

export type Summary = {
  runs: number
  violations: Outcome[]
  messages: number
  files: number
  rows: number
  loadJobs: number
  virtualMs: number
  faults: Map<FaultKind, number>
}

export function emptySummary(): Summary {
  return {
    runs: 0,
    violations: [],
    messages: 0,
    files: 0,
    rows: 0,
    loadJobs: 0,
    virtualMs: 0,
    faults: new Map(),
  }
}

/** Adds a run, in place. */
export function addRun(summary: Summary, outcome: Outcome): void {
  const { messages, files, rows, loadJobs, virtualMs, faults, violation } = outcome
  summary.runs++
  summary.messages += messages
  summary.files += files
  summary.rows += rows
  summary.loadJobs += loadJobs
  summary.virtualMs += virtualMs
  for (const [kind, count] of faults) {
    summary.faults.set(kind, (summary.faults.get(kind) ?? 0) + count)
  }
  if (violation) summary.violations.push(outcome)
}

/** The summary for a person; `seconds` is how long the runs took. */
export function textOf(summary: Summary, seconds: number): string {
  const { runs, violations, messages, files, rows, loadJobs, virtualMs, faults } = summary
  const figures: [string, string][] = [
    ['runs', `${grouped(runs)} in ${seconds.toFixed(1)} s`],
    ['virtual time', `${grouped(Math.round(virtualMs / 3_600_000))} hours`],
    ['messages', grouped(messages)],
    ['files', grouped(files)],
    ['rows', grouped(rows)],
    ['load jobs', grouped(loadJobs)],
    ...faultKinds.map((kind): [string, string] => [kind, grouped(faults.get(kind) ?? 0)]),
    ['violations', grouped(violations.length)],
  ]
  return figures.map(([name, figure]) => `${name.padEnd(28)}${figure.padStart(14)}`).join('\n')
}
