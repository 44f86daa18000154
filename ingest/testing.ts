import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { PubSub } from '@google-cloud/pubsub'
import { Storage } from '@google-cloud/storage'
import { startPubSub } from '../local/pubsub/start-pubsub.ts'
import { openBacklogReader } from '../local/pubsub/read-backlog.ts'
import { startStorage } from '../local/storage/start-storage.ts'

export const projectId = 'shop-events'
const topic = 'backend-events-topic'
const subscription = 'backend-events-topic-sub'
const bucket = 'shop-events-landing'

type Answer = { status: number; body: object }
type Row = { insertId: string; json: Record<string, unknown> }

/** The local cloud as the ingester sees it, with a BigQuery that only takes rows. */
export type Cloud = Awaited<ReturnType<typeof startCloud>>

/** Starts Pub/Sub, Cloud Storage and a table, each on a free port, with what the ingester needs. */
export async function startCloud() {
  process.env['METADATA_SERVER_DETECTION'] = 'none'
  const folder = mkdtempSync(join(tmpdir(), 'ingest-'))
  let pubsubEndpoint = await startPubSub({ port: 0 })
  let storageEndpoint = await startStorage({ port: 0, folder })
  const table = await startTable()
  const pubsub = new PubSub({ projectId, apiEndpoint: `http://${pubsubEndpoint.address}` })
  const createTopic = async () => void (await pubsub.createTopic(topic))
  await createTopic()
  const createSubscription = async () =>
    void (await pubsub.createSubscription(topic, subscription, { ackDeadlineSeconds: 60 }))
  await createSubscription()
  const storage = new Storage({ projectId, apiEndpoint: `http://${storageEndpoint.address}` })
  await storage.createBucket(bucket)
  const backlog = openBacklogReader(pubsubEndpoint.address)

  function objects(prefix: string): string[] {
    return readdirSync(join(folder, bucket), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(join(folder, bucket), join(entry.parentPath, entry.name)))
      .filter((name) => name.startsWith(prefix))
  }

  return {
    table,
    env: {
      PATH: process.env['PATH'],
      METADATA_SERVER_DETECTION: 'none',
      CLOUDSDK_CONFIG: folder,
      GOOGLE_CLOUD_PROJECT: projectId,
      SUBSCRIPTION: subscription,
      BUCKET: bucket,
      RAW_TABLE: 'raw.raw_events',
      PORT: '0',
      PUBSUB_EMULATOR_HOST: pubsubEndpoint.address,
      STORAGE_EMULATOR_HOST: `http://${storageEndpoint.address}`,
      BIGQUERY_EMULATOR_HOST: `http://127.0.0.1:${table.port}`,
    },
    async publish(messages: (Buffer | string)[], attributes: Record<string, string> = {}) {
      const publisher = pubsub.topic(topic)
      const publishing = messages.map((data) =>
        publisher.publishMessage({ data: Buffer.from(data), attributes }),
      )
      await publisher.flush()
      return await Promise.all(publishing)
    },
    createSubscription,
    deleteSubscription: async () => void (await pubsub.subscription(subscription).delete()),
    backlog: () => backlog.read(`projects/${projectId}/subscriptions/${subscription}`),
    /** Every line under output/, by the name of its object. */
    lines(): { objectName: string; line: string }[] {
      return objects('output/').flatMap((objectName) => {
        const lines = readFileSync(join(folder, bucket, objectName), 'utf8')
          .trimEnd()
          .split('\n')
        return lines.map((line) => ({ objectName, line }))
      })
    },
    /** The objects that tell of pending files. */
    pending: () => objects('pending/'),
    stopStorage: () => storageEndpoint.stop(),
    async stopServices() {
      await Promise.all([pubsubEndpoint.stop(), storageEndpoint.stop(), table.stop()])
    },
    /** All of them again, where they were; Pub/Sub knows nothing of before. */
    async startServices() {
      pubsubEndpoint = await startPubSub({ port: pubsubEndpoint.port })
      storageEndpoint = await startStorage({ port: storageEndpoint.port, folder })
      await table.start()
      await createTopic()
      await createSubscription()
    },
    async stop() {
      backlog.close()
      await pubsub.close()
      await Promise.all([pubsubEndpoint.stop(), storageEndpoint.stop(), table.stop()])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** insertAll and tables.get of one table; `answer` may stand in for BigQuery's answer to rows. */
async function startTable() {
  const columns = 'message_id publish_time event_type payload raw_payload errors attributes'
  const names = `${columns} source object_name`.split(' ')
  const rows: Row[] = []
  const state = {
    rows,
    answer: (_sent: Row[]): Answer | undefined => undefined,
    /** The same for what the table is. */
    metadata: (): Answer | undefined => undefined,
  }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const reply = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    if (request.method === 'GET') {
      const fields = names.map((name) => ({ name }))
      const { status, body } = state.metadata() ?? { status: 200, body: { schema: { fields } } }
      return reply(status, body)
    }
    const sent: Row[] = JSON.parse(Buffer.concat(chunks).toString()).rows
    const { status, body } = state.answer(sent) ?? { status: 200, body: {} }
    if (status === 200) {
      const failed = 'insertErrors' in body ? (body.insertErrors as { index: number }[]) : []
      rows.push(...sent.filter((_, index) => !failed.some((failure) => failure.index === index)))
    }
    return reply(status, body)
  })
  const listen = (port: number) =>
    new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  return Object.assign(state, {
    port,
    start: () => listen(port),
    async stop() {
      server.close()
      server.closeAllConnections()
    },
  })
}

/** The ingester as its own process. */
export type IngesterProcess = {
  child: ChildProcessWithoutNullStreams
  /** Its log so far. */
  log: Record<string, unknown>[]
  stderr: () => string
  /** Waits for a log line with that message. */
  until(message: string): Promise<Record<string, unknown>>
  exited: Promise<number | null>
}

const main = new URL('./main.ts', import.meta.url).pathname

export function runIngester(
  env: NodeJS.ProcessEnv,
  { command, args } = { command: 'node', args: [main] },
): IngesterProcess {
  const child = spawn(command, args, { env })
  const log: Record<string, unknown>[] = []
  const listeners = new Set<() => void>()
  let stderr = ''
  let partial = ''
  child.stderr.on('data', (chunk) => (stderr += chunk))
  child.stdout.on('data', (chunk) => {
    const lines = (partial + chunk).split('\n')
    partial = lines.pop() ?? ''
    for (const line of lines) log.push(JSON.parse(line))
    for (const listener of listeners) listener()
  })
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve))
  return {
    child,
    log,
    stderr: () => stderr,
    exited,
    until: (message) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const found = log.find((line) => line['message'] === message)
          if (!found) return
          listeners.delete(look)
          resolve(found)
        }
        listeners.add(look)
        look()
        void exited.then(() => reject(new Error(`ended without "${message}": ${stderr}`)))
      }),
  }
}

/** Looks again until `condition` holds; the test's own time limit is the only one. */
export async function eventually(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20))
}
