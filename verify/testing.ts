import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BigQuery } from '@google-cloud/bigquery'
import { Storage, type Bucket } from '@google-cloud/storage'
import { applyDdl } from '../ddl/apply-ddl.ts'
import { readDdl } from '../ddl/read-ddl.ts'
import { createBatcher } from '../ingest/batcher.ts'
import { createRowTable } from '../ingest/bigquery-table.ts'
import { createPendingNotes } from '../ingest/cloud-storage-pending.ts'
import { createObjectStore } from '../ingest/cloud-storage.ts'
import { contractValidators } from '../ingest/contract-validators.ts'
import type { Event, Message } from '../ingest/event.ts'
import { createFileLander } from '../ingest/land-file.ts'
import { landRows } from '../ingest/land-rows.ts'
import { message, sampleEvents } from '../ingest/testing-events.ts'
import { toEvent } from '../ingest/to-event.ts'
import { startTestBigQuery } from '../local/bigquery/test-bigquery.ts'
import { startStorage } from '../local/storage/start-storage.ts'
import { knownEventTypes } from './file-name.ts'
import { createLandedRows, type Limits } from './landed-rows.ts'
import { spansOf, type SpanOptions } from './span.ts'
import { totalOf } from './summary.ts'
import { verify, type Verification } from './verify.ts'

export type Landing = {
  bigquery: BigQuery
  /** Where the bucket of this test lies on the disk. */
  folder(): string
  bucket(): Bucket
  /** Dataset and table of this test. */
  table(): string
  /** A new bucket and a new table: BigQuery would drop rows that it has seen in the old one. */
  clear(): Promise<void>
  /** Lands messages as the ingester does and answers the names of their files; without `rows` it ends in between. */
  land(
    messages: (Partial<Message> & { data: Buffer })[],
    parts?: { rows: boolean },
  ): Promise<string[]>
  /** Two files of orders of one minute: messages a and b in the first, c in the second. */
  landOrders(): Promise<string[]>
  note(name: string): Promise<void>
  /** Runs a statement on the table of this test, which it calls raw_events. */
  change(sql: string): Promise<unknown>
  /** Puts another text in the place of a file, as somebody with a text editor and the client would. */
  edit(name: string, rewrite: (text: string) => string): Promise<void>
  /** What `npm run verify` needs to find all this. */
  environment(): Record<string, string>
  check(options?: Partial<Verification & SpanOptions & { limits: Limits }>): Promise<{
    problems: string[]
    total: Record<string, number>
    strangers: number
  }>
  stop(): Promise<void>
}

const projectId = 'shop-events'

/** When messages of these tests are published that do not say. */
export const minute = '2025-02-08T13:09'

/** The file of orders of that minute with this number. */
export const fileOf = (number: string) =>
  `output/order/2025/02/08/13/09/order_202502081309${number}.json`

const { order } = sampleEvents

export const asData = (event: object) => Buffer.from(JSON.stringify(event))

/** A local Cloud Storage and a local BigQuery, and the ingester's own code to land there. */
export async function startLanding(): Promise<Landing> {
  const root = await mkdtemp(join(tmpdir(), 'verify-'))
  const storageEndpoint = await startStorage({ port: 0, folder: root })
  const { endpoint, bigQuery: bigquery } = await startTestBigQuery()
  const storage = new Storage({ projectId, apiEndpoint: `http://${storageEndpoint.address}` })
  await applyDdl(await readDdl(), bigquery, () => {})
  let bucket = storage.bucket('none')
  let table = 'none'
  let tests = 0
  let messages = 0

  async function landBatches(events: Event[], withRows: boolean): Promise<string[]> {
    const batcher = createBatcher({ maxMessages: 1_000, maxBytes: 2 ** 24, maxAgeMs: 1 })
    for (const event of events) batcher.add(event, 0)
    const landFile = createFileLander(createObjectStore(bucket))
    const rowTable = createRowTable(bigquery, { dataset: 'raw', table: table.slice(4) })
    const names: string[] = []
    for (const batch of batcher.takeDue(Number.POSITIVE_INFINITY)) {
      const name = await landFile(batch, (action) => action())
      if (withRows) await landRows(batch.events, name, rowTable, (action) => action())
      names.push(name)
    }
    return names
  }

  const land: Landing['land'] = (given, { rows } = { rows: true }) => {
    const all = given.map((each) => message({ messageId: `m${++messages}`, ...each }))
    const events = all.map((each) => toEvent(each, contractValidators(), 0))
    return landBatches(events, rows)
  }

  return {
    bigquery,
    folder: () => join(root, bucket.name),
    bucket: () => bucket,
    table: () => table,
    async clear() {
      bucket = storage.bucket(`landing-${++tests}`)
      table = `raw.landing_${tests}`
      await Promise.all([
        bucket.create(),
        bigquery.query(`create table ${table} like raw.raw_events`),
      ])
    },
    land,
    async landOrders() {
      const orders = ['a', 'b', 'c'].map((messageId) => ({ messageId, data: asData(order) }))
      const first = await land(orders.slice(0, 2))
      return [...first, ...(await land(orders.slice(2)))]
    },
    environment: () => ({
      GOOGLE_CLOUD_PROJECT: projectId,
      BUCKET: bucket.name,
      RAW_TABLE: table,
      STORAGE_EMULATOR_HOST: `http://${storageEndpoint.address}`,
      BIGQUERY_EMULATOR_HOST: `http://${endpoint.address}`,
      METADATA_SERVER_DETECTION: 'none',
      CLOUDSDK_CONFIG: root,
    }),
    note: (name) => createPendingNotes(bucket).add(name),
    change: (sql) => bigquery.query(sql.replaceAll('raw_events', table)),
    async edit(name, rewrite) {
      const file = bucket.file(name)
      const [[content], [{ metadata }]] = await Promise.all([file.download(), file.getMetadata()])
      await file.save(rewrite(content.toString()), { resumable: false, metadata: { metadata } })
    },
    async check(options = {}) {
      const problems: string[] = []
      const allTypes = knownEventTypes()
      const rows = createLandedRows(bigquery, table, '1970-01-01T00:00:00Z', options.limits)
      const summary = await verify({
        bucket,
        rows,
        spans: spansOf({ eventTypes: allTypes, ...options }, allTypes),
        settledBefore: Number.POSITIVE_INFINITY,
        keptSince: 0,
        onProblem: (sentence) => problems.push(sentence),
        onFile() {},
        onProgress() {},
        ...options,
      })
      const total = { ...totalOf(summary) }
      return { problems, total, strangers: (await rows.strangers()).rows }
    },
    async stop() {
      await Promise.all([storageEndpoint.stop(), endpoint.stop()])
      await rm(root, { recursive: true })
    },
  }
}
