import type { Chance } from './chance.ts'

/** What can go wrong, by the names that a summary counts. */
export const faultKinds = [
  'error before the effect',
  'reply lost after the effect',
  'effect after the error',
  'slow call',
  'crash',
  'SIGTERM',
  'stall',
  'clock set',
  'stream broken',
  'redelivery',
  'row not taken',
  'row refused',
  'oversize row',
  'poison',
  'repeated insertId',
  'load job failed',
  'slow load job',
  'bad file',
  'outage',
] as const
export type FaultKind = (typeof faultKinds)[number]

export type Service = 'Pub/Sub' | 'Cloud Storage' | 'BigQuery'

/** The service answers nothing but errors; one that hangs gives them only at the client's timeout. */
export type Outage = { service: Service; from: number; to: number; hangs: boolean }

export type Faults = {
  /** Whether this fault happens now, at the rate of the run; never once faults have ended. */
  strikes(kind: FaultKind): boolean
  outageOf(service: Service, now: number): Outage | undefined
  count(kind: FaultKind): void
  counts: Map<FaultKind, number>
  end(): void
}

/** How often each kind strikes where it can; what is not named never does. */
export type Rates = ReadonlyMap<FaultKind, number>

export function createFaults(chance: Chance, rates: Rates, outages: Outage[]): Faults {
  const counts = new Map<FaultKind, number>()
  const seen = new Set<Outage>()
  let isOver = false
  const count = (kind: FaultKind) => void counts.set(kind, (counts.get(kind) ?? 0) + 1)

  return {
    counts,
    count,
    strikes(kind) {
      if (isOver || !chance.happens(rates.get(kind) ?? 0)) return false
      count(kind)
      return true
    },
    outageOf(service, now) {
      const outage = outages.find(
        (one) => one.service === service && one.from <= now && now < one.to,
      )
      if (isOver || !outage) return undefined
      if (!seen.has(outage)) count('outage')
      seen.add(outage)
      return outage
    },
    end() {
      isOver = true
    },
  }
}

/** Drawn anew for each run, so that runs differ in what they suffer. */
export function drawRates(chance: Chance): Rates {
  // What takes many calls gets somewhere only where few of them fail.
  const severity = chance.pick([1, 1, 0.2, 0.05])
  return new Map(faultKinds.map((kind) => [kind, rateOf(kind, chance, severity)]))
}

const rareKinds = new Set<FaultKind>(['crash', 'SIGTERM', 'stall', 'clock set', 'stream broken'])
/** There are few jobs for these to strike. */
const jobKinds = new Set<FaultKind>(['load job failed', 'slow load job'])

function rateOf(kind: FaultKind, chance: Chance, severity: number): number {
  if (chance.happens(0.3)) return 0
  if (jobKinds.has(kind)) return chance.next() * 0.7
  return chance.next() ** 2 * severity * (rareKinds.has(kind) ? 0.06 : 0.5)
}
