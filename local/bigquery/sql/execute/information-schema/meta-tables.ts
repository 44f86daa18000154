import type { Table } from '../../../catalog/resources.ts'
import { livingRows } from '../../../database/expired-partitions.ts'
import { logicalBytes } from '../../../database/logical-size.ts'
import { runForValues } from '../../../database/result-rows.ts'
import type { Work } from '../work.ts'
import { fieldsOf, tablesIn, type InformationTable, type Row } from './information-table.ts'

const types: Partial<Record<Table['type'], bigint>> = { TABLE: 1n, VIEW: 2n }

/** `dataset.__TABLES__`, older than the information schema: a row for each table, with its size. */
export const metaTables: InformationTable = {
  fields: fieldsOf({
    project_id: 'STRING',
    dataset_id: 'STRING',
    table_id: 'STRING',
    creation_time: 'INTEGER',
    last_modified_time: 'INTEGER',
    row_count: 'INTEGER',
    size_bytes: 'INTEGER',
    type: 'INTEGER',
  }),
  partlyKnown: ['row_count', 'size_bytes', 'type'],
  async rows(work, scope) {
    const rows: Row[] = []
    for (const table of tablesIn(work.catalog, scope)) rows.push(await rowOf(work, table))
    return rows
  },
}

async function rowOf(work: Work, table: Table): Promise<Row> {
  const { projectId, datasetId, tableId } = table.tableReference
  const type = types[table.type]
  return {
    project_id: projectId,
    dataset_id: datasetId,
    table_id: tableId,
    creation_time: BigInt(table.creationTime),
    last_modified_time: BigInt(table.lastModifiedTime),
    ...(type !== undefined && { type }),
    ...(table.type === 'TABLE' && (await sizeOf(work, table))),
  }
}

async function sizeOf({ connection, catalog }: Work, table: Table): Promise<Row> {
  const bytes = table.schema.fields.map(logicalBytes).join(' + ') || '0'
  const [[count = 0n, size = 0n] = []] = await runForValues(
    connection,
    `SELECT count(*), coalesce(CAST(${bytes} AS BIGINT), 0) FROM ${livingRows(table, catalog.now())}`,
  )
  return { row_count: count, size_bytes: size }
}
