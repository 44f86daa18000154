import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { CommandError } from '../command/command.ts'
import { keepCompiledCode, writeCompiledCode } from './compiled-code.ts'
import type { Endpoint } from './endpoint.ts'

export const services = ['pubsub', 'storage', 'bigquery'] as const
export type Service = (typeof services)[number]

export type CloudOptions = {
  /** Where files and tables lie; created when it is missing. */
  dataFolder: string
  /** The ports of the services to start; 0 takes any free one. */
  ports: Partial<Record<Service, number>>
  /** Of a Cloud Storage that runs elsewhere, for the loads of BigQuery. */
  storageHost?: string
}

export type Cloud = {
  endpoints: Partial<Record<Service, Endpoint>>
  /** What another process needs in its environment so that Google's clients come here. */
  environment: Record<string, string>
  /** Ends all endpoints, the last started first. */
  stop(): Promise<void>
}

/** The ports that Google's own emulators and the common ones of the community use. */
export const defaultPorts: Record<Service, number> = { pubsub: 8085, storage: 4443, bigquery: 9050 }

/** Starts the local cloud, or parts of it, in this process; nothing stays running where one part fails. */
export async function startCloud({ dataFolder, ports, storageHost }: CloudOptions): Promise<Cloud> {
  keepCompiledCode()
  const folder = resolve(dataFolder)
  const emptyFolder = join(folder, 'gcloud')
  await createFolder(folder)
  await createFolder(emptyFolder)
  const endpoints: Cloud['endpoints'] = {}
  const stop = async (): Promise<void> => {
    for (const service of services.toReversed()) await endpoints[service]?.stop()
  }
  try {
    for (const service of services) {
      const port = ports[service]
      if (port === undefined) continue
      const storage = endpoints.storage ? `http://${endpoints.storage.address}` : storageHost
      endpoints[service] = await start(service, port, { folder, storageHost: storage })
    }
  } catch (error) {
    await stop()
    throw error
  }
  writeCompiledCode()
  return { endpoints, environment: environmentOf(endpoints, emptyFolder), stop }
}

type Context = { folder: string; storageHost: string | undefined }

/** Each service is loaded only where it is started: that keeps a start of one of them short. */
async function start(service: Service, port: number, context: Context): Promise<Endpoint> {
  try {
    return await starters[service](port, context)
  } catch (error) {
    if (!String(error).includes('EADDRINUSE')) throw error
    throw new CommandError(
      `port ${port} is in use: choose another one with --${service}-port, or 0 for any free one`,
      { cause: error },
    )
  }
}

const starters: Record<Service, (port: number, context: Context) => Promise<Endpoint>> = {
  async pubsub(port) {
    const { startPubSub } = await import('./pubsub/start-pubsub.ts')
    return await startPubSub({ port })
  },
  async storage(port, { folder }) {
    const { startStorage } = await import('./storage/start-storage.ts')
    return await startStorage({ port, folder: join(folder, 'storage') })
  },
  async bigquery(port, { folder, storageHost }) {
    const { startBigQuery } = await import('./bigquery/start-bigquery.ts')
    const dataFolder = join(folder, 'bigquery')
    return await startBigQuery({ port, dataFolder, ...(storageHost && { storageHost }) })
  },
}

function environmentOf(endpoints: Cloud['endpoints'], emptyFolder: string): Record<string, string> {
  const { pubsub, storage, bigquery } = endpoints
  return {
    ...(pubsub && { PUBSUB_EMULATOR_HOST: pubsub.address }),
    ...(storage && { STORAGE_EMULATOR_HOST: `http://${storage.address}` }),
    ...(bigquery && { BIGQUERY_EMULATOR_HOST: `http://${bigquery.address}` }),
    // Without these two Google's clients look for a metadata server and for the user's credentials.
    METADATA_SERVER_DETECTION: 'none',
    CLOUDSDK_CONFIG: emptyFolder,
  }
}

async function createFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    const { code = 'error' } = cause as NodeJS.ErrnoException
    throw new CommandError(`cannot write to the data folder ${folder} (${code})`, { cause })
  }
}
