import type { BigQuery } from '@google-cloud/bigquery'
import type { v1 } from '@google-cloud/pubsub'
import type { Bucket } from '@google-cloud/storage'
import type { Config } from './config.ts'
import type { Dependency } from './health.ts'
import { fieldAt, listAt } from './json-answer.ts'
import { reasonOf } from './log.ts'

export type Clients = { subscriber: v1.SubscriberClient; bucket: Bucket; bigquery: BigQuery }

/** The columns of `raw_events` that the ingester fills. */
export const rawEventColumns = [
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

/** A look at one thing that the ingester needs. */
export type ResourceCheck = {
  dependency: Dependency
  /** Answers in one sentence what is configured wrongly; rejects while the service is away. */
  find(): Promise<string | undefined>
}

const patienceMs = 10_000
const permissionDenied = new Set<unknown>([403, 7])
const notFound = new Set<unknown>([404, 5])
/** BigQuery says 403 to these, too: they pass. */
const passingReasons = new Set<unknown>(['rateLimitExceeded', 'quotaExceeded'])

/** What is to be there before the first message is pulled: subscription, bucket and table. */
export function resourceChecks(clients: Clients, config: Config): ResourceCheck[] {
  const { projectId, bucket, rawTable } = config
  const subscription = clients.subscriber.subscriptionPath(projectId, config.subscription)
  const table = `${projectId}.${rawTable.dataset}.${rawTable.table}`
  return [
    {
      dependency: 'Pub/Sub',
      find: () =>
        problemOf(
          () => checkSubscription(clients.subscriber, subscription),
          `The subscription ${subscription} (SUBSCRIPTION)`,
        ),
    },
    {
      dependency: 'Cloud Storage',
      find: () =>
        problemOf(() => checkBucket(clients.bucket), `The bucket gs://${bucket} (BUCKET)`),
    },
    {
      dependency: 'BigQuery',
      find: () =>
        problemOf(
          () => checkTable(clients.bigquery, rawTable),
          `The table ${table} (RAW_TABLE)`,
          ': run npm run ddl',
        ),
    },
  ]
}

/** What `check` finds about the thing, as a sentence. That it is not there is a finding as well. */
async function problemOf(
  check: () => Promise<string | undefined>,
  thing: string,
  remedy = '',
): Promise<string | undefined> {
  try {
    const problem = await soon(check())
    return problem && `${thing} ${problem}${remedy}.`
  } catch (error) {
    const code = fieldAt(error, 'code')
    if (notFound.has(code)) return `${thing} does not exist${remedy}.`
    const [reason] = listAt(error, 'errors').map((detail) => fieldAt(detail, 'reason'))
    if (!permissionDenied.has(code) || passingReasons.has(reason)) throw error
    return `${thing} is not open to this account: ${reasonOf(error)}`
  }
}

async function checkSubscription(
  subscriber: v1.SubscriberClient,
  subscription: string,
): Promise<undefined> {
  try {
    await subscriber.getSubscription({ subscription }, { timeout: patienceMs, retry: null })
  } catch (error) {
    // Who may only consume may not look: then the first pull tells.
    if (!permissionDenied.has(fieldAt(error, 'code'))) throw error
  }
}

async function checkBucket(bucket: Bucket): Promise<undefined> {
  await bucket.getFiles({ prefix: 'output/', maxResults: 1, autoPaginate: false })
}

async function checkTable(
  bigquery: BigQuery,
  { dataset, table }: Config['rawTable'],
): Promise<string | undefined> {
  const [metadata] = await bigquery.dataset(dataset).table(table).getMetadata()
  const fields: { name?: string }[] = metadata.schema?.fields ?? []
  const missing = rawEventColumns.filter((column) => !fields.some((field) => field.name === column))
  return missing.length > 0 ? `lacks the columns ${missing.join(', ')}` : undefined
}

/** A service that does not answer is away; the clients themselves would wait for minutes. */
async function soon<T>(answer: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    const error = new Error(`no answer within ${patienceMs / 1000} seconds`)
    timer = setTimeout(() => reject(error), patienceMs)
  })
  try {
    return await Promise.race([answer, late])
  } finally {
    clearTimeout(timer)
  }
}
