import { BigQuery } from '@google-cloud/bigquery'
import { PubSub } from '@google-cloud/pubsub'
import { Storage } from '@google-cloud/storage'
import { applyDdl } from '../../ddl/apply-ddl.ts'
import { readDdl } from '../../ddl/read-ddl.ts'
import { bucket, projectId, subscription, topic } from './names.ts'

/** Makes all that must exist before the first event: topics, subscriptions, the bucket, datasets, tables. */
export async function createResources({ retriesAtOnce = false } = {}): Promise<void> {
  await Promise.all([createSubscription(retriesAtOnce), createBucket(), createTables()])
}

const retryPolicy = { minimumBackoff: { seconds: 10 }, maximumBackoff: { seconds: 600 } }

/** Events that break their contract never reach the dead-letter topic, and an outage must not either: hence 100 attempts. */
async function createSubscription(retriesAtOnce: boolean): Promise<void> {
  const pubsub = new PubSub({ projectId })
  const [[events], [deadLetters]] = await Promise.all([
    pubsub.createTopic(topic),
    pubsub.createTopic(`${topic}-dead-letter`),
  ])
  await Promise.all([
    deadLetters.createSubscription(`${topic}-dead-letter-sub`, { expirationPolicy: {} }),
    events.createSubscription(subscription, {
      ackDeadlineSeconds: 60,
      messageRetentionDuration: { seconds: 7 * 24 * 3600 },
      expirationPolicy: {},
      ...(!retriesAtOnce && { retryPolicy }),
      deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts: 100 },
    }),
  ])
  await pubsub.close()
}

/** Files outlive the process that kept them, and so does their bucket. */
async function createBucket(): Promise<void> {
  const landing = new Storage({ projectId }).bucket(bucket)
  const [exists] = await landing.exists()
  if (!exists) await landing.create()
}

async function createTables(): Promise<void> {
  await applyDdl(await readDdl(), new BigQuery({ projectId }), () => {})
}
