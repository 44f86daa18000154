import type { Clock } from './alarms.ts'

/** Time that passes only when a test says so. */
export type VirtualClock = Clock & {
  /** Lets time pass; everything that is due in it runs at its own moment. */
  pass(milliseconds: number): void
}

export function createVirtualClock(start = Date.UTC(2025, 1, 8, 13, 9)): VirtualClock {
  let now = start
  let timers: { time: number; run: () => void }[] = []
  let soon: (() => void)[] = []

  function runSoon(): void {
    while (soon.length > 0) {
      const due = soon
      soon = []
      for (const run of due) run()
    }
  }

  return {
    now: () => now,
    after(milliseconds, run) {
      const timer = { time: now + milliseconds, run }
      timers.push(timer)
      return () => void (timers = timers.filter((each) => each !== timer))
    },
    soon: (run) => void soon.push(run),
    pass(milliseconds) {
      const end = now + milliseconds
      runSoon()
      for (;;) {
        const next = timers.toSorted((a, b) => a.time - b.time)[0]
        if (!next || next.time > end) break
        timers = timers.filter((each) => each !== next)
        now = Math.max(now, next.time)
        next.run()
        runSoon()
      }
      now = end
    },
  }
}
