import { once } from 'node:events'
import { mkdir, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Service } from '../../local/cloud.ts'
import { location, projectId, shopEnvironment } from '../../local/demo/names.ts'
import { startChild } from '../../local/demo/start-child.ts'
import { ingesterName } from './plan.ts'
import { supervise, type Supervised } from './supervise.ts'

/** Everything that runs, each in a process of its own that may be killed. */
export type Cluster = {
  environment: Record<string, string>
  /** Absent where Pub/Sub is somebody else's: then nobody knows its backlog. */
  pubsubAddress?: string
  storageFolder: string
  credentialsFile: string
  /** By the names that the plan of blows uses; Pub/Sub is not among them, for it forgets. */
  victims: Map<string, Supervised>
  startIngesters(count: number): Promise<void>
  stop(): Promise<void>
}

export type ClusterOptions = {
  folder: string
  /** `host:port` of a Pub/Sub that runs already. */
  foreignPubSub?: string
  /** How the ingesters bring rows to BigQuery. */
  landingMode: 'stream' | 'load'
}

/** The shortest times that the ingester takes, so that minutes hold many outages. */
const impatience = {
  BATCH_MAX_AGE_MS: '500',
  BREAKER_SECONDS: '2',
  LOAD_EVERY_SECONDS: '2',
  ACK_DEADLINE_SECONDS: '10',
}

export async function startCluster({
  folder,
  foreignPubSub,
  landingMode,
}: ClusterOptions): Promise<Cluster> {
  const gcloud = join(folder, 'gcloud')
  await mkdir(gcloud, { recursive: true })
  const credentialsFile = join(folder, 'df-credentials.json')
  await writeFile(credentialsFile, JSON.stringify({ projectId, location }))
  const ports = { pubsub: await freePort(), storage: await freePort(), bigquery: await freePort() }
  const pubsubAddress = foreignPubSub ?? `127.0.0.1:${ports.pubsub}`
  const environment = {
    GOOGLE_CLOUD_PROJECT: projectId,
    PUBSUB_EMULATOR_HOST: pubsubAddress,
    STORAGE_EMULATOR_HOST: `http://127.0.0.1:${ports.storage}`,
    BIGQUERY_EMULATOR_HOST: `http://127.0.0.1:${ports.bigquery}`,
    METADATA_SERVER_DETECTION: 'none',
    CLOUDSDK_CONFIG: gcloud,
  }

  function startService(service: Service): Supervised {
    const only = ['--only', service, `--${service}-port`, String(ports[service]), '--data', folder]
    return supervise(service, {
      start: (life) =>
        startChild({
          name: service,
          args: [join('local', 'main.ts'), ...only],
          environment,
          logFile: join(folder, 'logs', `${service}-${life}.log`),
        }),
      isUp: (log) => log.includes('Running:'),
    })
  }

  function startIngester(name: string): Supervised {
    return supervise(name, {
      start: (life) =>
        startChild({
          name,
          args: [join('ingest', 'main.ts')],
          environment: {
            ...environment,
            ...impatience,
            LANDING_MODE: landingMode,
            ...shopEnvironment,
            PORT: '0',
          },
          logFile: join(folder, 'logs', `${name.replace(' ', '-')}-${life}.log`),
        }),
      isUp: (log) => log.includes('"started"'),
    })
  }

  const victims = new Map([
    ['Cloud Storage', startService('storage')],
    ['BigQuery', startService('bigquery')],
  ])
  const pubsub = foreignPubSub === undefined ? startService('pubsub') : undefined
  const stopAll = async (): Promise<void> => {
    const all = [...victims.values(), ...(pubsub ? [pubsub] : [])]
    await Promise.all(all.map((process) => process.stop('SIGKILL')))
  }
  try {
    for (const process of [...victims.values(), ...(pubsub ? [pubsub] : [])])
      await process.untilUp()
  } catch (error) {
    await stopAll()
    throw error
  }

  return {
    environment,
    ...(pubsub && { pubsubAddress }),
    storageFolder: join(folder, 'storage'),
    credentialsFile,
    victims,
    async startIngesters(count) {
      const names = Array.from({ length: count }, (_, index) => ingesterName(index))
      for (const name of names) victims.set(name, startIngester(name))
      await Promise.all(names.map((name) => victims.get(name)?.untilUp()))
    },
    stop: stopAll,
  }
}

/**
 * A port below those that the system gives to outgoing connections: while its server is away a
 * client could otherwise get it as its own, and talk to itself.
 */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 10_000)
    const server = createServer()
    try {
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
      server.close()
      await once(server, 'close')
      return port
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) throw error
    }
  }
}
