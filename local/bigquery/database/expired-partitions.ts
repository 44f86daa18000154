import type { Table } from '../catalog/resources.ts'
import { columnType, ingestionTime } from './column-type.ts'
import { identifier, tableName } from './names.ts'

type Partitioned = Pick<Table, 'schema' | 'timePartitioning'>

/** DuckDB's condition for the rows whose partitions have expired by then; undefined where none ever do. */
export function expiredRows(
  { schema, timePartitioning }: Partitioned,
  now: number,
): string | undefined {
  const { expirationMs, field: name = ingestionTime, type } = timePartitioning ?? {}
  if (expirationMs === undefined || type === undefined) return undefined
  const field = schema.fields.find((other) => other.name.toLowerCase() === name.toLowerCase())
  const unit = type.toLowerCase()
  // No unit is shorter than an hour: within it, the same table reads the same.
  const hours = Math.floor((now - Number(expirationMs)) / 3_600_000)
  const cutoff = BigInt(hours) * 3_600_000_000n
  // A partition lives from its first moment for as long as it says, and then goes whole.
  const firstLiving = `date_trunc('${unit}', make_timestamptz(CAST('${cutoff}' AS BIGINT))) + INTERVAL 1 ${unit}`
  return `${identifier(name)} < CAST(${firstLiving} AS ${field ? columnType(field) : 'TIMESTAMPTZ'})`
}

/** The rows of a table that are still there, as what stands in DuckDB's FROM. */
export function livingRows(
  table: Partitioned & Pick<Table, 'tableReference'>,
  now: number,
  rows = tableName(table.tableReference),
): string {
  const expired = expiredRows(table, now)
  return expired === undefined ? rows : `(SELECT * FROM ${rows} WHERE (${expired}) IS NOT TRUE)`
}
