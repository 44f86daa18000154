import type { Field, Table, TableReference } from '../catalog/resources.ts'
import { etagOf } from '../jobs/job-resource.ts'
import type { Job } from '../jobs/job.ts'
import { resultOf } from './queries.ts'

export type TableSize = { rows: bigint; bytes: bigint }

/** A table as `tables.get` answers it; without a size where none is asked for or it has no rows. */
export function tableResource(
  table: Table,
  size: TableSize | undefined,
  origin: string,
): Record<string, unknown> {
  const { tableReference, rowAccessPolicies: _, ...rest } = table
  const stored = table.type !== 'VIEW' && table.type !== 'EXTERNAL'
  return {
    kind: 'bigquery#table',
    ...rest,
    id: tableId(tableReference),
    selfLink: `${origin}/bigquery/v2${tablePath(tableReference)}`,
    tableReference,
    schema: { fields: table.schema.fields.map(publicField) },
    ...(stored &&
      size && {
        numBytes: String(size.bytes),
        numLongTermBytes: '0',
        numRows: String(size.rows),
        numTotalLogicalBytes: String(size.bytes),
        numActiveLogicalBytes: String(size.bytes),
        numLongTermLogicalBytes: '0',
      }),
  }
}

/** The result of a query as the table that it is in BigQuery, which is gone after a day. */
export function resultResource(
  tableReference: TableReference,
  job: Job,
  origin: string,
): Record<string, unknown> {
  const { schema = [], rows } = resultOf(job)
  const time = job.endTime ?? job.creationTime
  const table: Table = {
    tableReference,
    type: 'TABLE',
    schema: { fields: schema },
    location: job.reference.location,
    expirationTime: String(time + dayMs),
    creationTime: String(time),
    lastModifiedTime: String(time),
    etag: etagOf(job),
  }
  const size = { rows: BigInt(rows?.count ?? 0), bytes: BigInt(rows?.bytes ?? 0) }
  return tableResource(table, size, origin)
}

const dayMs = 86_400_000

/** A table as `tables.list` shows it. */
export function listedTable(table: Table): Record<string, unknown> {
  const { tableReference, type, creationTime, friendlyName, labels, expirationTime } = table
  const { timePartitioning, rangePartitioning, clustering, requirePartitionFilter } = table
  return {
    kind: 'bigquery#table',
    id: tableId(tableReference),
    tableReference,
    type,
    ...(friendlyName !== undefined && { friendlyName }),
    ...(labels && { labels }),
    ...(timePartitioning && { timePartitioning }),
    ...(rangePartitioning && { rangePartitioning }),
    ...(requirePartitionFilter !== undefined && { requirePartitionFilter }),
    ...(clustering && { clustering }),
    ...(type === 'VIEW' && { view: { useLegacySql: false } }),
    creationTime,
    ...(expirationTime !== undefined && { expirationTime }),
  }
}

/** BigQuery leaves out the mode of a column that is merely nullable. */
function publicField({ mode, fields, ...field }: Field): Record<string, unknown> {
  return {
    ...field,
    ...(mode !== undefined && mode !== 'NULLABLE' && { mode }),
    ...(fields && { fields: fields.map(publicField) }),
  }
}

function tableId({ projectId, datasetId, tableId: id }: TableReference): string {
  return `${projectId}:${datasetId}.${id}`
}

function tablePath({ projectId, datasetId, tableId: id }: TableReference): string {
  return `/projects/${projectId}/datasets/${datasetId}/tables/${id}`
}
