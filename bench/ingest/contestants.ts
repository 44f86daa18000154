import { join } from 'node:path'

export type Contestant = {
  name: string
  args: string[]
  environment: Record<string, string>
  /** Events a second that it is expected to reach; only the size of its first backlog depends on it. */
  guess: number
  /** No more than this share of a core is for it. */
  share?: number
}

/** The young generation that `npm run ingest` has; the others get the same. */
export const youngGeneration = '--max-semi-space-size=16'
const rival = (file: string) => [youngGeneration, join('bench', 'ingest', 'rivals', file)]

export const ingester: Contestant = {
  name: 'ingester',
  args: [youngGeneration, join('ingest', 'main.ts')],
  environment: { PORT: '0' },
  guess: 40_000,
}

/** What it is fastest with against a server that fills a stream; Google's own gives 10 MB/s a stream. */
export const oneStream: Contestant = {
  name: 'Subscription, 1 stream',
  args: rival('subscription.ts'),
  environment: { MAX_STREAMS: '1' },
  guess: 50_000,
}

/** As many streams as the client opens by itself. */
export const fiveStreams: Contestant = {
  name: 'Subscription, 5 streams',
  args: rival('subscription.ts'),
  environment: { MAX_STREAMS: '5' },
  guess: 40_000,
}

export const streamingPull: Contestant = {
  name: 'low-level pull',
  args: rival('streaming-pull.ts'),
  environment: {},
  guess: 120_000,
}

export const ordinary: Contestant = {
  name: 'ordinary code',
  args: rival('ordinary.ts'),
  environment: {},
  guess: 15_000,
}
