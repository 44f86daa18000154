import type { RawEvent } from '../raw-events.ts'
import { startWarehouse, type Warehouse } from '../warehouse.ts'
import { incrementalModels, type ExecutionGraph, type Model } from './compiled-models.ts'

export type { Model }

/** A warehouse in which all models exist, and what a usual run does there, step by step. */
export type Models = { warehouse: Warehouse; increments: Model[][] }

export async function openModels(): Promise<Models> {
  const warehouse = await startWarehouse()
  await warehouse.dataform('run')
  return { warehouse, increments: await scriptsOf(warehouse) }
}

/** What the Dataform CLI sends for the incremental tables when it is called like this. */
export async function scriptsOf(warehouse: Warehouse, ...options: string[]): Promise<Model[][]> {
  const graph: ExecutionGraph = JSON.parse(
    await warehouse.dataform('run', '--dry-run', '--json', ...options),
  )
  return incrementalModels(graph)
}

/** Makes rows of raw_events. */
export async function land({ bigquery }: Warehouse, events: { row: RawEvent }[]): Promise<void> {
  if (events.length === 0) return
  const rows = events.map(({ row }) => ({ json: row }))
  await bigquery.dataset('raw').table('raw_events').insert(rows, { raw: true })
}

/** Runs models in the order of their needs. */
export async function runAll({ query }: Warehouse, groups: Model[][]): Promise<void> {
  for (const group of groups) await Promise.all(group.map(({ script }) => query(script)))
}

export async function empty({ query }: Warehouse, tables: string[]): Promise<void> {
  await query(tables.map((table) => `truncate table ${table}`).join(';\n'))
}
