import type { Chance } from './chance.ts'
import type { Faults } from './faults.ts'
import type { Scheduler } from './scheduler.ts'

/** A promise of the pipeline that a run saw broken. */
export type Violation = { invariant: string; what: string }

/** What every part of a simulation shares. */
export type World = {
  chance: Chance
  scheduler: Scheduler
  faults: Faults
  violations: Violation[]
  violate(invariant: string, what: string): void
  /** Adds a line to the trace; the text is made only where somebody reads it. */
  note(text: () => string): void
}

export function createWorld(
  parts: Pick<World, 'chance' | 'scheduler' | 'faults'>,
  trace: string[] | undefined,
): World {
  const violations: Violation[] = []
  const start = parts.scheduler.now()
  function note(text: () => string): void {
    if (!trace) return
    const seconds = (parts.scheduler.now() - start) / 1000
    trace.push(`${seconds.toFixed(3).padStart(9)}  ${text()}`)
  }
  return {
    ...parts,
    violations,
    note,
    violate(invariant, what) {
      violations.push({ invariant, what })
      note(() => `VIOLATION of ${invariant}: ${what}`)
    },
  }
}
