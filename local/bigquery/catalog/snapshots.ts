import { BigQueryError, notSupported } from '../bigquery-error.ts'
import { commitColumn, endColumn } from '../database/commits.ts'
import { livingRows } from '../database/expired-partitions.ts'
import { tableName } from '../database/names.ts'
import type { CatalogView } from './catalog-view.ts'
import { timeTravelMs } from './history-sweep.ts'
import { nameOf } from './not-found.ts'
import type { Table, TableReference } from './resources.ts'
import type { TableVersion } from './table-version.ts'

/** A moment to look back at: microseconds since the epoch, and the last commit by then. */
export type Snapshot = { time: bigint; commit: number }

/** Rows as they were, without those whose partitions had expired by then. */
export function rowsOfVersion(
  version: TableVersion,
  table: Table,
  { time, commit }: Snapshot,
): string {
  return livingRows(table, Number(time / 1000n), rowsAt(version, commit))
}

/** Where the rows of a table were at a moment, or BigQuery's refusal to look there. */
export function versionOfSnapshot(
  catalog: CatalogView,
  { tableReference, creationTime }: Pick<Table, 'tableReference' | 'creationTime'>,
  { time, commit }: Snapshot,
): TableVersion {
  if (time > BigInt(Math.round(catalog.now() * 1000)) + 999n)
    throw notSupported('FOR SYSTEM_TIME AS OF a time that is still to come')
  const ms = Math.floor(Number(time) / 1000)
  const earliest = catalog.now() - timeTravelMs(catalog.dataset(tableReference))
  const version = ms < earliest ? undefined : versionAt(catalog, tableReference, commit)
  if (version) return version
  const versions = versionsOf(catalog, tableReference)
  if (ms >= earliest && versions.some(({ since, wasAltered }) => wasAltered && commit < since)) {
    throw notSupported(
      'FOR SYSTEM_TIME AS OF a time before the columns or the name of the table changed',
    )
  }
  const name = nameOf(tableReference)
  const created = versions.map(({ ended }) => Number(ended?.table.creationTime ?? creationTime))
  const first = Math.max(Math.ceil(earliest), Math.min(...created, Number(creationTime)))
  throw new BigQueryError(
    'invalidQuery',
    `Invalid snapshot time ${ms} for table ${name}@${ms}. Cannot read before ${first}.`,
    { location: 'query' },
  )
}

/** Where a table's rows were after a commit; undefined where nothing is known of that time. */
function versionAt(
  catalog: CatalogView,
  reference: TableReference,
  commit: number,
): TableVersion | undefined {
  return versionsOf(catalog, reference).find(
    ({ since, ended }) => since <= commit && (!ended || ended.commit > commit),
  )
}

/** All that is known of a table's rows. */
export function versionsOf(catalog: CatalogView, reference: TableReference): TableVersion[] {
  const { projectId, datasetId, tableId } = reference
  return catalog
    .tableVersions()
    .filter(
      ({ reference: other }) =>
        other.tableId === tableId && other.datasetId === datasetId && other.projectId === projectId,
    )
}

/** DuckDB's relation of the rows that a version held after a commit. */
function rowsAt({ reference, stored, history }: TableVersion, commit: number): string {
  const rows = `FROM ${tableName({ ...reference, tableId: stored })} WHERE "${commitColumn}" <= ${commit}`
  if (history === undefined) return `(SELECT * ${rows})`
  const kept = tableName({ ...reference, tableId: history })
  return (
    `(SELECT * ${rows} UNION ALL SELECT * EXCLUDE ("${endColumn}") FROM ${kept} ` +
    `WHERE "${commitColumn}" <= ${commit} AND "${endColumn}" > ${commit})`
  )
}
