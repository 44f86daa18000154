import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { BigQuery } from '@google-cloud/bigquery'
import { Storage } from '@google-cloud/storage'
import { applyDdl } from '../../ddl/apply-ddl.ts'
import { readDdl } from '../../ddl/read-ddl.ts'
import { openBacklogReader } from '../../local/pubsub/read-backlog.ts'
import { bucket, projectId, rawTable } from '../../local/demo/names.ts'
import { startMeasured, type MeasuredProcess, type Usage } from '../measured-process.ts'
import { youngGeneration, type Contestant } from './contestants.ts'

export type BigQueryKind = 'acknowledging-bigquery' | 'bigquery'
export type Mode = 'stream' | 'load'

/** Endpoints and publisher on one core, whoever is measured on another one. */
export type Laboratory = {
  /** Makes a topic with a subscription of that name and fills it; answers the bytes of an average event. */
  fill(name: string, events: number): Promise<number>
  empty(name: string): Promise<void>
  unacked(name: string): Promise<number>
  start(contestant: Contestant, name: string): MeasuredProcess
  /** A process that sends rows, by insertAll or by AppendRows, to whoever takes and forgets them. */
  startSender(transport: string): Promise<MeasuredProcess>
  /** Of each endpoint. */
  endpointUsage(): Promise<Record<string, Usage>>
  close(): Promise<void>
}

export type LaboratoryOptions = { bigquery: BigQueryKind; mode: Mode; latencyMs: number }

export const clientCore = 0
const endpointCore = 1

export async function openLaboratory(options: LaboratoryOptions): Promise<Laboratory> {
  const { bigquery, mode, latencyMs } = options
  const folder = await mkdtemp(join(tmpdir(), 'bench-ingest-'))
  const environment: Record<string, string> = {
    GOOGLE_CLOUD_PROJECT: projectId,
    METADATA_SERVER_DETECTION: 'none',
    CLOUDSDK_CONFIG: join(folder, 'gcloud'),
    RAW_TABLE: rawTable,
    BUCKET: bucket,
    LANDING_MODE: mode,
  }
  await mkdir(join(folder, 'gcloud'))
  const processes: MeasuredProcess[] = []
  let started = 0

  async function endpoint(kind: string): Promise<[MeasuredProcess, string]> {
    const args = [join('bench', 'endpoint-process.ts'), kind, join(folder, kind), String(latencyMs)]
    const logFile = join(folder, `${kind}.log`)
    const server = startMeasured({ name: kind, args, environment, logFile, core: endpointCore })
    processes.push(server)
    return [server, String(await server.ask('address', 'address'))]
  }

  async function close(): Promise<void> {
    for (const each of processes) await each.kill()
    await rm(folder, { recursive: true, force: true })
  }

  try {
    const [pubsubServer, pubsubAddress] = await endpoint('pubsub')
    environment['PUBSUB_EMULATOR_HOST'] = pubsubAddress
    const [storageServer, storageAddress] = await endpoint('storage')
    environment['STORAGE_EMULATOR_HOST'] = `http://${storageAddress}`
    const [bigqueryServer, bigqueryAddress] = await endpoint(bigquery)
    environment['BIGQUERY_EMULATOR_HOST'] = `http://${bigqueryAddress}`
    Object.assign(process.env, environment)
    await new Storage({ projectId }).createBucket(bucket)
    if (bigquery === 'bigquery') {
      await applyDdl(await readDdl(), new BigQuery({ projectId }), () => {})
    }
    const publisher = startMeasured({
      name: 'the publisher',
      args: [join('bench', 'ingest', 'publish-process.ts')],
      environment,
      logFile: join(folder, 'publisher.log'),
      core: endpointCore,
    })
    processes.push(publisher)
    const backlog = openBacklogReader(pubsubAddress)

    return {
      fill: async (name, count) =>
        Number(await publisher.ask({ publish: { name, count } }, 'published')),
      empty: async (name) => void (await publisher.ask({ remove: name }, 'removed')),
      unacked: async (name) =>
        (await backlog.read(`projects/${projectId}/subscriptions/${name}`)).unacked,
      start: ({ name, args, environment: own, share }, subscription) =>
        startMeasured({
          name,
          args,
          environment: { ...environment, ...own, SUBSCRIPTION: subscription },
          logFile: join(folder, `client-${started++}.log`),
          core: clientCore,
          ...(share !== undefined && { share }),
        }),
      async startSender(transport) {
        const isAppend = transport === 'AppendRows'
        const address = isAppend ? (await endpoint('acknowledging-write-api'))[1] : bigqueryAddress
        const sender = startMeasured({
          name: `the sender by ${transport}`,
          args: [
            youngGeneration,
            join('bench', 'ingest', 'transport', 'sender-process.ts'),
            transport,
            address,
          ],
          environment,
          logFile: join(folder, `${transport}.log`),
          core: clientCore,
        })
        processes.push(sender)
        return sender
      },
      endpointUsage: async () => ({
        'Pub/Sub': await pubsubServer.usage(),
        'Cloud Storage': await storageServer.usage(),
        BigQuery: await bigqueryServer.usage(),
      }),
      async close() {
        backlog.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}
