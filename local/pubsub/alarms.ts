/** Time as Pub/Sub sees it; a test may bring its own. */
export type Clock = {
  /** Milliseconds since 1970. */
  now(): number
  /** Returns what cancels it. */
  after(milliseconds: number, run: () => void): () => void
  /** As soon as what runs now is done. */
  soon(run: () => void): void
}

export const systemClock: Clock = {
  now: Date.now,
  after: (milliseconds, run) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
  soon: (run) => void setImmediate(run),
}

export type Alarms = {
  clock: Clock
  /** Alarms cannot be taken back: what rings looks whether it is still wanted. */
  at(time: number, ring: () => void): void
  stop(): void
}

type Alarm = { time: number; ring: () => void }

/** Any number of alarms over one timer. */
export function createAlarms(clock: Clock): Alarms {
  const heap: Alarm[] = []
  let cancel: (() => void) | undefined
  let timerAt = Infinity
  let stopped = false

  function setTimer(): void {
    const first = heap[0]
    if (stopped || !first || first.time >= timerAt) return
    cancel?.()
    timerAt = first.time
    cancel = clock.after(Math.max(0, Math.ceil(first.time - clock.now())), ringDue)
  }

  function ringDue(): void {
    timerAt = Infinity
    const now = clock.now()
    while (heap[0] && heap[0].time <= now) removeFirst(heap)?.ring()
    setTimer()
  }

  return {
    clock,
    at(time, ring) {
      add(heap, { time, ring })
      setTimer()
    },
    stop() {
      stopped = true
      heap.length = 0
      cancel?.()
    },
  }
}

/** The first of the heap is the earliest; each alarm is no later than the two below it. */
function add(heap: Alarm[], alarm: Alarm): void {
  let at = heap.push(alarm) - 1
  while (at > 0) {
    const above = (at - 1) >> 1
    const parent = heap[above]
    if (!parent || parent.time <= alarm.time) break
    heap[at] = parent
    at = above
  }
  heap[at] = alarm
}

function removeFirst(heap: Alarm[]): Alarm | undefined {
  const first = heap[0]
  const last = heap.pop()
  if (!first || !last || heap.length === 0) return first

  let at = 0
  for (;;) {
    const left = heap[2 * at + 1]
    const right = heap[2 * at + 2]
    const below = right && left && right.time < left.time ? 2 * at + 2 : 2 * at + 1
    const child = heap[below]
    if (!child || child.time >= last.time) break
    heap[at] = child
    at = below
  }
  heap[at] = last
  return first
}
