import { commitAt, endColumn, forgetCommits } from '../database/commits.ts'
import { identifier, literal, schemaName, tableName } from '../database/names.ts'
import { runForValues } from '../database/result-rows.ts'
import type { Change } from './catalog.ts'
import type { CatalogView } from './catalog-view.ts'
import type { Dataset, ProjectDataset } from './resources.ts'

const hourMs = 3_600_000
const longestMs = 168 * hourMs

/** How far back the tables of a dataset may be looked at: a week, or less where it says so. */
export function timeTravelMs(dataset: Dataset | undefined): number {
  return Number(dataset?.maxTimeTravelHours ?? 168) * hourMs
}

/** Removes the rows that nobody can look back at any more; looks once an hour. */
export function createHistorySweep(): (change: Change) => Promise<void> {
  let sweptHour = -1

  return async (change) => {
    const { connection, catalog } = change
    const hour = Math.floor(catalog.now() / hourMs)
    if (hour === sweptHour) return
    const datasets = [...catalog.datasets(), ...catalog.hiddenDatasets()]
    for (const dataset of datasets) await sweepDataset(change, dataset)
    const oldest = await commitBefore(change, longestMs)
    await forgetCommits(connection, oldest)
    sweptHour = hour
  }
}

async function sweepDataset(change: Change, dataset: Dataset): Promise<void> {
  const { connection, catalog } = change
  const { datasetReference } = dataset
  const windowMs = timeTravelMs(dataset)
  const oldest = await commitBefore(change, windowMs)
  const used = new Set<string>()
  for (const version of versionsIn(catalog, datasetReference)) {
    const { history, ...rest } = version
    const { stored, ended } = rest
    if (ended && ended.time < catalog.now() - windowMs) {
      catalog.removeVersion(version)
      continue
    }
    used.add(stored)
    if (history === undefined) continue
    const kept = tableName({ ...datasetReference, tableId: history })
    await connection.run(`DELETE FROM ${kept} WHERE "${endColumn}" <= ${oldest}`)
    const left = await runForValues(connection, `SELECT 1 FROM ${kept} LIMIT 1`)
    if (left.length > 0) used.add(history)
    else catalog.putVersion(rest)
  }
  await dropUnused(change, datasetReference, used)
}

/** Tables of rows that were: no table of BigQuery has an @ in its name. */
async function dropUnused(
  { connection }: Change,
  dataset: ProjectDataset,
  used: ReadonlySet<string>,
): Promise<void> {
  const schema = schemaName(dataset)
  const tables = await runForValues(
    connection,
    `SELECT table_name FROM duckdb_tables() WHERE schema_name = ${literal(schema)} ` +
      `AND contains(table_name, '@')`,
  )
  for (const [name] of tables) {
    if (used.has(String(name))) continue
    await connection.run(`DROP TABLE ${identifier(schema)}.${identifier(String(name))}`)
  }
}

function versionsIn(catalog: CatalogView, { projectId, datasetId }: ProjectDataset) {
  return catalog
    .tableVersions()
    .filter(
      ({ reference }) => reference.projectId === projectId && reference.datasetId === datasetId,
    )
}

async function commitBefore({ connection, catalog }: Change, windowMs: number): Promise<number> {
  return await commitAt(connection, BigInt(Math.floor(catalog.now() - windowMs)) * 1000n)
}
