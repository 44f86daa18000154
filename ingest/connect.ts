import { BigQuery } from '@google-cloud/bigquery'
import { PubSub, v1 } from '@google-cloud/pubsub'
import { Storage, type Bucket } from '@google-cloud/storage'
import type { Clients } from './check-resources.ts'
import type { Config } from './config.ts'
import { decodeMessagesItself } from './pubsub-subscription.ts'

/** HTTP/2's own 64 KiB would let Pub/Sub send no more until they are read: both would wait in turns. */
const wideWindow = { 'grpc-node.flow_control_window': 2 ** 20 }
const requestTimeoutMs = 60_000

/** Google's clients as the ingester wants them: what fails it repeats itself, with leases extended meanwhile. */
export async function connect({ projectId, bucket }: Config): Promise<Clients> {
  const pubsub = new PubSub({ projectId })
  // The high-level client knows the emulator and the channel's limits; the low-level one is faster.
  const options = Object.entries(await pubsub.getClientConfig())
  const defined = Object.fromEntries(options.filter(([, value]) => value !== undefined))
  const subscriber = new v1.SubscriberClient({ ...defined, ...wideWindow })
  // Otherwise missing credentials would end the process from within the client.
  await decodeMessagesItself(subscriber)
  return { subscriber, bucket: openBucket(projectId, bucket), bigquery: openBigQuery(projectId) }
}

/** BigQuery's client; it repeats nothing by itself. */
export function openBigQuery(projectId: string): BigQuery {
  const bigquery = new BigQuery({ projectId, autoRetry: false, maxRetries: 0 })
  bigquery.timeout = requestTimeoutMs
  return bigquery
}

/** A bucket; its client repeats nothing by itself. */
export function openBucket(projectId: string, name: string): Bucket {
  const retryOptions = { autoRetry: false }
  return new Storage({ projectId, timeout: requestTimeoutMs, retryOptions }).bucket(name)
}
