import type { Clock } from './clock.ts'

/** What the ingester depends on, by the names that an operator reads. */
export type Dependency = 'Pub/Sub' | 'Cloud Storage' | 'BigQuery' | 'Load jobs'

/** Whether events land, as far as the ingester can tell. */
export type Health = {
  failed(dependency: Dependency, reason: string): void
  succeeded(dependency: Dependency): void
  /** All reasons why it is unhealthy; none means healthy. */
  reasons(): string[]
}

export type HealthOptions = {
  /** When the oldest message still held was received. */
  oldestReceivedAt: () => number | undefined
  unhealthyAfterSeconds: number
  clock: Clock
}

/** Remembers the last failure of each dependency until it succeeds again. */
export function createHealth(options: HealthOptions): Health {
  const { oldestReceivedAt, unhealthyAfterSeconds, clock } = options
  const failures = new Map<Dependency, string>()
  return {
    failed: (dependency, reason) => void failures.set(dependency, reason),
    succeeded: (dependency) => void failures.delete(dependency),
    reasons() {
      const reasons = [...failures].map(([dependency, reason]) => `${dependency}: ${reason}`)
      const oldest = oldestReceivedAt()
      const seconds = oldest === undefined ? 0 : Math.floor((clock.elapsed() - oldest) / 1000)
      if (seconds <= unhealthyAfterSeconds) return reasons
      return [...reasons, `the oldest message held was received ${seconds} seconds ago`]
    },
  }
}
