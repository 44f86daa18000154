import { startStorage } from '../local/storage/start-storage.ts'
import type { Endpoint } from '../local/endpoint.ts'
import { startPubSub } from '../local/pubsub/start-pubsub.ts'
import { startAcknowledgingBigQuery } from './ingest/acknowledging-bigquery.ts'

// Runs one endpoint in a process of its own; tells its address to whoever asks.
const [kind = '', folder = '', latencyMs = '0'] = process.argv.slice(2)

const starters: Record<string, () => Promise<Endpoint>> = {
  pubsub: () => startPubSub({ port: 0 }),
  storage: () => startStorage({ port: 0, folder }),
  async bigquery() {
    const { startBigQuery } = await import('../local/bigquery/start-bigquery.ts')
    const storageHost = process.env['STORAGE_EMULATOR_HOST']
    return await startBigQuery({ port: 0, dataFolder: folder, ...(storageHost && { storageHost }) })
  },
  'acknowledging-bigquery': () =>
    startAcknowledgingBigQuery({ port: 0, latencyMs: Number(latencyMs) }),
}

const starting = starters[kind]?.()
process.on('message', async (message) => {
  if (message !== 'address') return
  const endpoint = await starting
  process.send?.({ address: endpoint?.address })
})
process.send?.({ ready: true })
