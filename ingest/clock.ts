/** Time as a parameter, so that a simulation can own it. */
export type Clock = {
  /** Milliseconds since 1970, UTC; somebody may set that clock, even back. */
  now(): number
  /** Milliseconds since some moment, for intervals: it never goes back and nobody sets it. */
  elapsed(): number
  /** Runs `action` once after `ms`; the answer cancels it. */
  after(ms: number, action: () => void): () => void
}

/** The time of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  elapsed: () => performance.now(),
  after(ms, action) {
    const timer = setTimeout(action, ms)
    return () => clearTimeout(timer)
  },
}

/** Waits for `ms`, or rejects with the signal's reason as soon as it is aborted. */
export function sleep(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const abort = () => {
      cancel()
      reject(signal.reason)
    }
    const cancel = clock.after(ms, () => {
      signal.removeEventListener('abort', abort)
      resolve()
    })
    signal.addEventListener('abort', abort, { once: true })
  })
}

/** Runs `action` again and again, first after `everyMs`; the answer ends it. */
export function repeat(clock: Clock, everyMs: number, action: () => void): () => void {
  let cancel = clock.after(everyMs, again)
  function again() {
    action()
    cancel = clock.after(everyMs, again)
  }
  return () => cancel()
}
