import type { Endpoint } from '../local/endpoint.ts'

// Runs one endpoint in a process of its own; tells its address to whoever asks.
const [kind = '', folder = '', latencyMs = '0'] = process.argv.slice(2)

const starters: Record<string, () => Promise<Endpoint>> = {
  async pubsub() {
    const { startPubSub } = await import('../local/pubsub/start-pubsub.ts')
    return await startPubSub({ port: 0 })
  },
  async storage() {
    const { startStorage } = await import('../local/storage/start-storage.ts')
    return await startStorage({ port: 0, folder })
  },
  async bigquery() {
    const { startCloud } = await import('../local/cloud.ts')
    const storageHost = process.env['STORAGE_EMULATOR_HOST']
    const { endpoints } = await startCloud({
      dataFolder: folder,
      ports: { bigquery: 0 },
      ...(storageHost && { storageHost }),
    })
    if (!endpoints.bigquery) throw new Error('the local BigQuery did not start')
    return endpoints.bigquery
  },
  async 'acknowledging-bigquery'() {
    const { startAcknowledgingBigQuery } = await import('./ingest/acknowledging-bigquery.ts')
    return await startAcknowledgingBigQuery({ port: 0, latencyMs: Number(latencyMs) })
  },
  async 'acknowledging-write-api'() {
    const { startAcknowledgingWriteApi } =
      await import('./ingest/transport/acknowledging-write-api.ts')
    return await startAcknowledgingWriteApi({ port: 0 })
  },
}

const start = starters[kind]
if (!start) throw new Error(`there is no endpoint ${kind}`)
const starting = start()
process.on('message', async (message) => {
  if (message !== 'address') return
  const { address } = await starting
  process.send?.({ address })
})
process.send?.({ ready: true })
