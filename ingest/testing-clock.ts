import type { Clock } from './clock.ts'

/** A clock that stands still until it is moved, running what falls due on the way. */
export type VirtualClock = Clock & { advance(ms: number): Promise<void> }

export function createVirtualClock(): VirtualClock {
  const alarms: { at: number; action: () => void }[] = []
  let now = Date.parse('2025-02-08T13:10:00Z')

  return {
    now: () => now,
    elapsed: () => now,
    after(ms, action) {
      const alarm = { at: now + ms, action }
      alarms.push(alarm)
      return () => {
        const index = alarms.indexOf(alarm)
        if (index >= 0) alarms.splice(index, 1)
      }
    },
    async advance(ms) {
      const end = now + ms
      await settle()
      for (;;) {
        const [next] = alarms.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)
        if (!next) break
        alarms.splice(alarms.indexOf(next), 1)
        now = Math.max(now, next.at)
        next.action()
        await settle()
      }
      now = end
    },
  }
}

/** Lets every promise that can go on do so: nothing in these tests waits for anything else. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
