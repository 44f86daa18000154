import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { BigQuery } from '@google-cloud/bigquery'
import { startBigQuery } from '../../local/bigquery/start-bigquery.ts'

/** A copy of `project/` that has nothing of this repository but Dataform, with a local BigQuery of its own. */
export type BikeProject = {
  bigquery: BigQuery
  /** The values of a query's rows. */
  rows(sql: string): Promise<unknown[][]>
  /** Runs the Dataform CLI; resolves to its exit code and to what it wrote, without colours. */
  dataform(...args: string[]): Promise<{ code: number; log: string }>
  /** Adds a file to the project, or replaces it. */
  write(path: string, text: string): Promise<void>
  stop(): Promise<void>
}

const projectId = 'city-bikes'
const root = join(import.meta.dirname, '..', '..')
const cli = join(root, 'node_modules', '@dataform', 'cli', 'bundle.js')

export async function startBikeProject(): Promise<BikeProject> {
  const endpoint = await startBigQuery({ port: 0, dataFolder: ':memory:' })
  const folder = await copyProject()
  const env = {
    ...process.env,
    BIGQUERY_EMULATOR_HOST: `http://${endpoint.address}`,
    // Without these the clients look for credentials on this machine and on its network.
    METADATA_SERVER_DETECTION: 'none',
    CLOUDSDK_CONFIG: folder,
  }
  Object.assign(process.env, env)
  const bigquery = new BigQuery({ projectId })
  return {
    bigquery,
    rows: async (sql) => {
      const [rows] = await bigquery.query({ query: sql, location: 'US' })
      return rows.map((row: object) => Object.values(row).map(plain))
    },
    dataform: (...args) => runDataform(args, folder, env),
    write: (path, text) => writeFile(join(folder, path), text),
    stop: async () => {
      await endpoint.stop()
      await rm(folder, { recursive: true })
    },
  }
}

/** Dataform takes its core from the project's own folder only, and no link that leads out of it. */
async function copyProject(): Promise<string> {
  await mkdir(join(root, '.local'), { recursive: true })
  const folder = await mkdtemp(join(root, '.local', 'bikes-'))
  await cp(join(import.meta.dirname, 'project'), folder, { recursive: true })
  const core = join('node_modules', '@dataform', 'core')
  await cp(join(root, core), join(folder, core), { recursive: true, dereference: true })
  const credentials = JSON.stringify({ projectId, location: 'US' })
  await writeFile(join(folder, '.df-credentials.json'), credentials)
  return folder
}

function runDataform(
  args: string[],
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<{ code: number; log: string }> {
  const options = { cwd: folder, env, maxBuffer: 2 ** 26 }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [cli, ...args], options, (error, stdout, stderr) => {
      const code = error ? error.code : 0
      if (typeof code !== 'number') reject(error)
      else resolve({ code, log: stripVTControlCharacters(stdout + stderr) })
    })
  })
}

/** The client's own classes for dates and decimals, as texts. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  return 'value' in value ? value.value : String(value)
}
