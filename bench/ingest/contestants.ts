import { join } from 'node:path'

export type Contestant = {
  name: string
  does: string
  args: string[]
  environment: Record<string, string>
  /** Events a second that it is expected to reach; only the size of its first backlog depends on it. */
  guess: number
}

/** The young generation that `npm run ingest` has; the others get the same. */
const node = '--max-semi-space-size=16'
const rival = (file: string) => [node, join('bench', 'ingest', 'rivals', file)]

export const ingester: Contestant = {
  name: 'ingester',
  does: 'lands every event',
  args: [node, join('ingest', 'main.ts')],
  environment: { PORT: '0' },
  guess: 40_000,
}

export const subscription: Contestant = {
  name: 'Subscription, tuned',
  does: 'pulls and acknowledges',
  args: rival('subscription.ts'),
  environment: {},
  guess: 50_000,
}

export const streamingPull: Contestant = {
  name: 'low-level pull',
  does: 'pulls and acknowledges',
  args: rival('streaming-pull.ts'),
  environment: {},
  guess: 120_000,
}

export const ordinary: Contestant = {
  name: 'ordinary code',
  does: 'lands every event',
  args: rival('ordinary.ts'),
  environment: {},
  guess: 15_000,
}
