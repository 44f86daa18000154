import { expect, test } from 'vitest'
import { resourceChecks, type Clients } from './check-resources.ts'
import { readConfig } from './config.ts'

const config = readConfig({
  GOOGLE_CLOUD_PROJECT: 'shop-events',
  SUBSCRIPTION: 'backend-events-topic-sub',
  BUCKET: 'shop-events-landing',
  RAW_TABLE: 'raw.raw_events',
})

/** What the look at the table finds where BigQuery answers like this. */
async function findAtTable(getMetadata: () => Promise<unknown>): Promise<string | undefined> {
  const clients = {
    subscriber: { subscriptionPath: () => 'subscription' },
    bucket: {},
    bigquery: { dataset: () => ({ table: () => ({ getMetadata }) }) },
  } as unknown as Clients
  const check = resourceChecks(clients, config).find(({ dependency }) => dependency === 'BigQuery')
  return await check?.find()
}

function refusal(reason: string): () => Promise<unknown> {
  return () => Promise.reject(Object.assign(new Error('no'), { code: 403, errors: [{ reason }] }))
}

test('a table that lacks columns is told with all that are missing', async () => {
  const fields = [{ name: 'message_id' }, { name: 'ingest_time' }]

  expect(await findAtTable(async () => [{ schema: { fields } }])).toBe(
    'The table shop-events.raw.raw_events (RAW_TABLE) lacks the columns publish_time, event_type, ' +
      'payload, raw_payload, errors, attributes, source, object_name: run npm run ddl.',
  )
})

test('who may not look is told so, but what passes is no wrong configuration', async () => {
  expect(await findAtTable(refusal('accessDenied'))).toBe(
    'The table shop-events.raw.raw_events (RAW_TABLE) is not open to this account: no',
  )
  await expect(findAtTable(refusal('rateLimitExceeded'))).rejects.toThrow('no')
  await expect(findAtTable(refusal('quotaExceeded'))).rejects.toThrow('no')
})
