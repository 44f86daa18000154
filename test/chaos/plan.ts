import { seededRandom } from '../raw-events.ts'

/** A process is hit by a signal, stays away for a while, and is started again. */
export type Blow = {
  victim: string
  /** Since the first event was published. */
  atMs: number
  /** SIGTERM is a deploy: the ingester lands what it holds. All else has no warning. */
  signal: 'SIGKILL' | 'SIGTERM'
  downMs: number
}

export type ChaosOptions = { seed: number; seconds: number; ingesters: number }

const meanPauseMs = 12_000
const shareOfDeploys = 0.25

/** Every victim is killed at least once, by chance of the seed again and again. */
export function planBlows({ seed, seconds, ingesters }: ChaosOptions): Blow[] {
  const random = seededRandom(seed)
  const endMs = seconds * 1000
  const services = ['BigQuery', 'Cloud Storage']
  const instances = Array.from({ length: ingesters }, (_, index) => ingesterName(index))

  function* blowsOf(victim: string): Generator<Blow> {
    let atMs = (0.1 + 0.4 * random()) * endMs
    for (let isFirst = true; atMs < endMs; isFirst = false) {
      const isDeploy = !isFirst && instances.includes(victim) && random() < shareOfDeploys
      const downMs = Math.min(random() < 0.3 ? 8_000 * random() : 1_500 * random(), endMs / 3)
      yield { victim, atMs, downMs, signal: isDeploy ? 'SIGTERM' : 'SIGKILL' }
      atMs += downMs - Math.log(1 - random()) * meanPauseMs
    }
  }

  const blows = [...services, ...instances].flatMap((victim) => [...blowsOf(victim)])
  return blows.toSorted((a, b) => a.atMs - b.atMs)
}

export function ingesterName(index: number): string {
  return `ingester ${index + 1}`
}
