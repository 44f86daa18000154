import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startCloud } from '../cloud.ts'
import { location, projectId } from './names.ts'

/** The local cloud with all that its users need to find it and to look into it. */
export type OpenCloud = {
  /** What Google's clients must find in their environment to talk to this cloud, and to no other. */
  environment: Record<string, string>
  pubsubAddress: string
  /** Holds a folder for each bucket. */
  storageFolder: string
  /** The file that holds every dataset. */
  databaseFile: string
  /** Project and location for the Dataform CLI; no secret is in it. */
  credentialsFile: string
  stop(): Promise<void>
}

/** Starts all of it on free ports, with everything it keeps in the folder. */
export async function openCloud(folder: string): Promise<OpenCloud> {
  const ports = { pubsub: 0, storage: 0, bigquery: 0 }
  const { endpoints, environment, stop } = await startCloud({ dataFolder: folder, ports })
  const credentialsFile = join(folder, 'df-credentials.json')
  await writeFile(credentialsFile, JSON.stringify({ projectId, location }))
  return {
    environment: { GOOGLE_CLOUD_PROJECT: projectId, ...environment },
    pubsubAddress: endpoints.pubsub?.address ?? '',
    storageFolder: join(folder, 'storage'),
    databaseFile: join(folder, 'bigquery', 'bigquery.duckdb'),
    credentialsFile,
    stop,
  }
}
