import type { NewObject } from './catalog-draft.ts'
import { isObject } from '../is-object.ts'
import type { Dataset, Table } from './resources.ts'

/** The settings of a table, with what the partitioning says of filters where BigQuery now keeps it. */
export function withFilterOutside(settings: Record<string, unknown>): Record<string, unknown> {
  const { timePartitioning } = settings
  if (!isObject(timePartitioning) || timePartitioning.requirePartitionFilter === undefined) {
    return settings
  }
  const { requirePartitionFilter, ...rest } = timePartitioning
  return { requirePartitionFilter, ...settings, timePartitioning: rest }
}

/** Expiry that a new table takes from its dataset where it has none of its own. */
export function withDatasetDefaults(
  table: NewObject<Table>,
  dataset: Dataset,
  now: number,
): NewObject<Table> {
  const { timePartitioning } = table
  const { defaultPartitionExpirationMs, defaultTableExpirationMs } = dataset
  // Of a partitioned table the partitions expire, and then not the table.
  if (timePartitioning && defaultPartitionExpirationMs !== undefined) {
    const expirationMs = timePartitioning.expirationMs ?? defaultPartitionExpirationMs
    return { ...table, timePartitioning: { ...timePartitioning, expirationMs } }
  }
  if (defaultTableExpirationMs === undefined || table.expirationTime !== undefined) return table
  return { ...table, expirationTime: String(Math.floor(now) + Number(defaultTableExpirationMs)) }
}
