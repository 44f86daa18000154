import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { root } from '../measured-process.ts'

type CompiledTable = {
  target: { name: string; schema: string }
  type: string
  query: string
  preOps?: string[]
  bigquery?: { partitionBy?: string; clusterBy?: string[] }
}

export type Compiled = { views: string[]; tables: Map<string, string> }

export const typedTables = ['orders', 'inventory', 'user_activity']

/** The statements with which Dataform makes the staging views and makes the typed tables anew. */
export async function compileTables(): Promise<Compiled> {
  const cli = join('node_modules', '@dataform', 'cli', 'bundle.js')
  const options = { cwd: root, maxBuffer: 2 ** 26 }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [cli, 'compile', '--json'],
    options,
  )
  const { tables } = JSON.parse(stdout) as { tables: CompiledTable[] }
  const views = tables.filter(({ target }) =>
    typedTables.some((name) => target.name === `stg_${name}`),
  )
  const typed = tables.filter(({ target }) => typedTables.includes(target.name))
  return {
    views: views.map(({ target, query }) => `create or replace view ${nameOf(target)} as ${query}`),
    tables: new Map(typed.map((table) => [table.target.name, createTable(table)])),
  }
}

function createTable({ target, query, preOps = [], bigquery = {} }: CompiledTable): string {
  const { partitionBy, clusterBy } = bigquery
  return [
    ...preOps.map((operation) => `${operation.trim().replace(/;$/, '')};`),
    `create or replace table ${nameOf(target)}`,
    partitionBy ? `partition by ${partitionBy}` : '',
    clusterBy ? `cluster by ${clusterBy.join(', ')}` : '',
    `as ${query}`,
  ].join('\n')
}

function nameOf({ schema, name }: CompiledTable['target']): string {
  return `\`${schema}.${name}\``
}
