import type { BigQuery } from '@google-cloud/bigquery'
import type { v1 } from '@google-cloud/pubsub'
import type { Bucket } from '@google-cloud/storage'
import type { Config } from './config.ts'
import { reasonOf } from './log.ts'

export type Clients = { subscriber: v1.SubscriberClient; bucket: Bucket; bigquery: BigQuery }

const columns = [
  'message_id',
  'publish_time',
  'event_type',
  'payload',
  'raw_payload',
  'errors',
  'attributes',
  'source',
  'object_name',
]

/** One sentence for each thing that the ingester needs and that is not there; none is good. */
export async function findMissingResources(clients: Clients, config: Config): Promise<string[]> {
  const problems = await Promise.all([
    checkSubscription(clients.subscriber, config),
    checkBucket(clients.bucket, config),
    checkTable(clients.bigquery, config),
  ])
  return problems.filter((problem) => problem !== undefined)
}

async function checkSubscription(
  subscriber: v1.SubscriberClient,
  { projectId, subscription: name }: Config,
): Promise<string | undefined> {
  const subscription = subscriber.subscriptionPath(projectId, name)
  try {
    await subscriber.getSubscription({ subscription }, { timeout: 10_000, retry: null })
    return undefined
  } catch (error) {
    const code = codeOf(error)
    // Who may only consume may not look: then the first pull tells.
    if (code === 7) return undefined
    if (code !== 5) return `Pub/Sub did not answer for ${subscription}: ${reasonOf(error)}`
    return `The subscription ${subscription} (SUBSCRIPTION) does not exist.`
  }
}

async function checkBucket(bucket: Bucket, config: Config): Promise<string | undefined> {
  try {
    await bucket.getFiles({ prefix: 'output/', maxResults: 1, autoPaginate: false })
    return undefined
  } catch (error) {
    if (codeOf(error) === 404) return `The bucket gs://${config.bucket} (BUCKET) does not exist.`
    return `Cloud Storage did not answer for gs://${config.bucket}: ${reasonOf(error)}`
  }
}

async function checkTable(bigquery: BigQuery, config: Config): Promise<string | undefined> {
  const { dataset, table } = config.rawTable
  const name = `${config.projectId}.${dataset}.${table}`
  try {
    const [metadata] = await bigquery.dataset(dataset).table(table).getMetadata()
    const fields: { name?: string }[] = metadata.schema?.fields ?? []
    const missing = columns.filter((column) => !fields.some((field) => field.name === column))
    if (missing.length === 0) return undefined
    return `The table ${name} (RAW_TABLE) lacks the columns ${missing.join(', ')}: run npm run ddl.`
  } catch (error) {
    if (codeOf(error) !== 404) return `BigQuery did not answer for ${name}: ${reasonOf(error)}`
    return `The table ${name} (RAW_TABLE) does not exist: run npm run ddl.`
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
