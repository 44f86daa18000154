import type { DuckDBValue } from '@duckdb/node-api'
import type { Table } from '../../../catalog/resources.ts'
import { logicalBytes } from '../../../database/logical-size.ts'
import { livingRows } from '../../../database/expired-partitions.ts'
import { partitionId } from '../../../database/partition-id.ts'
import { runForValues } from '../../../database/result-rows.ts'
import type { Work } from '../work.ts'
import {
  fieldsOf,
  tableColumns,
  tablesIn,
  timeValue,
  type InformationTable,
  type Row,
} from './information-table.ts'

/** PARTITIONS: a row for each partition that holds rows, or one for a table without partitions. */
export const partitions: InformationTable = {
  fields: fieldsOf({
    table_catalog: 'STRING',
    table_schema: 'STRING',
    table_name: 'STRING',
    partition_id: 'STRING',
    total_rows: 'INTEGER',
    total_logical_bytes: 'INTEGER',
    total_billable_bytes: 'INTEGER',
    last_modified_time: 'TIMESTAMP',
    storage_tier: 'STRING',
  }),
  async rows(work, scope) {
    const stored = tablesIn(work.catalog, scope).filter(({ type }) => type === 'TABLE')
    const rows: Row[] = []
    for (const table of stored) rows.push(...(await partitionRows(work, table)))
    return rows
  },
}

async function partitionRows({ connection, catalog }: Work, table: Table): Promise<Row[]> {
  const id = partitionId(table)
  const sizes = table.schema.fields.map(logicalBytes).join(' + ') || '0'
  const sql =
    `SELECT ${id ?? 'NULL'}, count(*), CAST(${sizes} AS BIGINT) ` +
    `FROM ${livingRows(table, catalog.now())}${id === undefined ? '' : ' GROUP BY 1 ORDER BY 1'}`
  const rows = await runForValues(connection, sql)
  return rows.map(([partition = null, count = null, bytes = null]: DuckDBValue[]) => ({
    ...tableColumns(table.tableReference),
    partition_id: partition,
    total_rows: count,
    total_logical_bytes: bytes ?? 0n,
    total_billable_bytes: bytes ?? 0n,
    last_modified_time: timeValue(table.lastModifiedTime),
    storage_tier: 'ACTIVE',
  }))
}
