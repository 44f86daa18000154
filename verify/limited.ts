export type Limited = {
  /** Waits for a free place, then starts the task. */
  start(task: () => Promise<void>): Promise<void>
  /** Waits for all tasks. */
  end(): Promise<void>
}

/** Runs so many tasks at a time; the first that fails fails the next call. */
export function startLimited(most: number): Limited {
  const running = new Set<Promise<void>>()
  const failures: unknown[] = []

  function throwFirst(): void {
    if (failures.length > 0) throw failures[0]
  }

  return {
    async start(task: () => Promise<void>): Promise<void> {
      const run: Promise<void> = task()
        .catch((error: unknown) => void failures.push(error))
        .finally(() => running.delete(run))
      running.add(run)
      if (running.size >= most) await Promise.race(running)
      throwFirst()
    },
    async end(): Promise<void> {
      await Promise.all(running)
      throwFirst()
    },
  }
}
