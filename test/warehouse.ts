import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { BigQuery } from '@google-cloud/bigquery'
import { applyDdl } from '../ddl/apply-ddl.ts'
import { readDdl } from '../ddl/read-ddl.ts'
import { startBigQuery } from '../local/bigquery/start-bigquery.ts'
import { location, projectId } from '../local/demo/names.ts'

/** A local BigQuery in memory with the objects of ddl/, for one test file. */
export type Warehouse = {
  bigquery: BigQuery
  query(sql: string): Promise<Record<string, unknown>[]>
  /** Runs the Dataform CLI on this project; resolves to what it printed, rejects where it fails. */
  dataform(...args: string[]): Promise<string>
  stop(): Promise<void>
}

const root = fileURLToPath(new URL('..', import.meta.url))

export async function startWarehouse(): Promise<Warehouse> {
  const endpoint = await startBigQuery({ port: 0, dataFolder: ':memory:' })
  const scratch = await scratchFolder()
  const env = {
    ...process.env,
    BIGQUERY_EMULATOR_HOST: `http://${endpoint.address}`,
    // Without these the clients look for credentials on this machine and on its network.
    METADATA_SERVER_DETECTION: 'none',
    CLOUDSDK_CONFIG: scratch,
  }
  Object.assign(process.env, env)
  const bigquery = new BigQuery({ projectId })
  await applyDdl(await readDdl(), bigquery, () => {})

  return {
    bigquery,
    query: async (sql) => (await bigquery.query({ query: sql, location }))[0],
    dataform: (...args) => runDataform(args, scratch, env),
    stop: async () => {
      await endpoint.stop()
      await rm(scratch, { recursive: true })
    },
  }
}

async function scratchFolder(): Promise<string> {
  await mkdir(join(root, '.local'), { recursive: true })
  const folder = await mkdtemp(join(root, '.local', 'test-'))
  await writeFile(join(folder, 'credentials.json'), JSON.stringify({ projectId, location }))
  return folder
}

function runDataform(
  [command = '', ...args]: string[],
  scratch: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  const credentials = relative(root, join(scratch, 'credentials.json'))
  const call = [
    'node_modules/@dataform/cli/bundle.js',
    command,
    '--credentials',
    credentials,
    ...args,
  ]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, call, { cwd: root, env, maxBuffer: 2 ** 26 }, (error, stdout) => {
      // The CLI tells on its standard output what went wrong.
      if (error) reject(new Error(`dataform ${command}: ${stdout.slice(-4000)}`, { cause: error }))
      else resolve(stdout)
    })
  })
}
