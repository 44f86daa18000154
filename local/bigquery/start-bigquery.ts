import { once } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandError } from '../../command/command.ts'
import type { Endpoint, EndpointOptions } from '../endpoint.ts'
import { openCatalog } from './catalog/catalog.ts'
import { openDatabase, type Database } from './database/database.ts'
import { createDistinctClock } from './distinct-clock.ts'
import { createCopyRunner } from './jobs/copy-job.ts'
import { createExportFile } from './jobs/export-file.ts'
import { createExtractRunner } from './jobs/extract-job.ts'
import { jobRecord } from './jobs/job-record.ts'
import { createJobLog, readJobs, writeJob } from './jobs/job-log.ts'
import { createJobStore, type JobStore } from './jobs/job-store.ts'
import { createLoadRunner } from './jobs/load/load-job.ts'
import { createRestServer } from './rest/server.ts'
import { routesOf } from './rest/routes.ts'
import { startAnalyzer } from './sql/analyzer/analyzer.ts'
import { createSqlEngine } from './sql/execute/sql-engine.ts'
import { installRuntime } from './sql/runtime/install-runtime.ts'

export type BigQueryOptions = EndpointOptions & {
  /** Holds `bigquery.duckdb`; created when it is missing. `:memory:` keeps nothing. */
  dataFolder: string
  /** The Cloud Storage that `gs://` is read from, `http://host:port`. */
  storageHost?: string
}

/** BigQuery's REST API on this machine, for the unmodified clients of Google and the Dataform CLI. */
export async function startBigQuery({
  port,
  host = '127.0.0.1',
  dataFolder,
  storageHost,
}: BigQueryOptions): Promise<Endpoint> {
  const isKept = dataFolder !== ':memory:'
  const uploadFolder = join(isKept ? dataFolder : tmpdir(), `bigquery-uploads-${process.pid}`)
  const stops: (() => Promise<unknown>)[] = []
  async function stop(): Promise<void> {
    for (const end of stops.splice(0).toReversed()) await end()
    await rm(uploadFolder, { recursive: true, force: true })
  }

  try {
    const starting = startAnalyzer()
    stops.push(async () => (await starting).stop())
    const database = await openIn(dataFolder)
    stops.push(() => database.close())
    const analyzer = await starting
    const clock = createDistinctClock()
    const catalog = await openCatalog({ database, clock })
    const jobs = await openJobs(database)
    const exportFile = createExportFile(storageHost)
    const engine = await createSqlEngine({
      database,
      catalog,
      analyzer,
      clock,
      exportFile,
      jobs: { jobs: (projectId) => jobs.list(projectId).map(jobRecord) },
    })
    stops.push(() => engine.close())
    const runners = {
      load: createLoadRunner({ catalog, engine, storageHost }),
      copy: createCopyRunner(catalog),
      extract: createExtractRunner(catalog, exportFile),
    }
    const desk = { jobs, engine, runners, location: catalog.current.location }
    const rest = createRestServer(routesOf({ catalog, engine, desk, uploadFolder }))
    const address = await listen(rest.server, port, host)
    // Those who wait for jobs are told that they were cancelled.
    stops.push(async () => await Promise.all([rest.stop(), jobs.stop()]))
    return { address: `${host}:${address.port}`, port: address.port, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function openIn(dataFolder: string): Promise<Database> {
  if (dataFolder === ':memory:')
    return await openDatabase({ path: ':memory:', install: installRuntime })
  await mkdir(dataFolder, { recursive: true })
  const path = join(dataFolder, 'bigquery.duckdb')
  try {
    return await openDatabase({ path, install: installRuntime })
  } catch (error) {
    if (!String(error).includes('Could not set lock')) throw error
    throw new CommandError(`${path} is in use by another process: end that one first`, {
      cause: error,
    })
  }
}

/** A job store that knows the jobs of earlier runs that changed tables. */
async function openJobs(database: Database): Promise<JobStore> {
  const { connection, commit, rollback } = await database.begin()
  try {
    await createJobLog(connection)
    const jobs = createJobStore({ write: writeJob })
    for (const job of await readJobs(connection)) jobs.keep(job)
    await commit()
    return jobs
  } catch (error) {
    await rollback()
    throw error
  }
}

async function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  server.listen(port, host)
  await once(server, 'listening')
  return server.address() as AddressInfo
}
