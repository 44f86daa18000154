import type { Table } from '../../../catalog/resources.ts'
import {
  fieldsOf,
  tableColumns,
  tablesIn,
  timeValue,
  yesNo,
  type InformationTable,
  type Row,
} from './information-table.ts'
import { tableDdl } from './table-ddl.ts'

const tableTypes: Record<Table['type'], string> = {
  TABLE: 'BASE TABLE',
  CLONE: 'CLONE',
  SNAPSHOT: 'SNAPSHOT',
  VIEW: 'VIEW',
  MATERIALIZED_VIEW: 'MATERIALIZED VIEW',
  EXTERNAL: 'EXTERNAL',
}

/** TABLES: a row for each table and view, with the statement that would make it again. */
export const tables: InformationTable = {
  fields: fieldsOf({
    table_catalog: 'STRING',
    table_schema: 'STRING',
    table_name: 'STRING',
    table_type: 'STRING',
    managed_table_type: 'STRING',
    is_insertable_into: 'STRING',
    is_fine_grained_mutations_enabled: 'STRING',
    is_typed: 'STRING',
    is_change_history_enabled: 'STRING',
    creation_time: 'TIMESTAMP',
    base_table_catalog: 'STRING',
    base_table_schema: 'STRING',
    base_table_name: 'STRING',
    snapshot_time_ms: 'TIMESTAMP',
    ddl: 'STRING',
    default_collation_name: 'STRING',
  }),
  partlyKnown: ['ddl'],
  rows: ({ catalog }, scope) => tablesIn(catalog, scope).map(tableRow),
}

function tableRow(table: Table): Row {
  const { tableReference, type, creationTime, snapshotDefinition, cloneDefinition } = table
  const base = snapshotDefinition?.baseTableReference ?? cloneDefinition?.baseTableReference
  const ddl = tableDdl(table)
  const time = snapshotDefinition?.snapshotTime ?? cloneDefinition?.cloneTime
  return {
    ...tableColumns(tableReference),
    table_type: cloneDefinition ? 'CLONE' : tableTypes[type],
    managed_table_type: type === 'TABLE' ? 'NATIVE' : null,
    is_insertable_into: yesNo(type === 'TABLE'),
    is_fine_grained_mutations_enabled: 'NO',
    is_typed: 'NO',
    is_change_history_enabled: 'NO',
    creation_time: timeValue(creationTime),
    base_table_catalog: base?.projectId ?? null,
    base_table_schema: base?.datasetId ?? null,
    base_table_name: base?.tableId ?? null,
    snapshot_time_ms: time === undefined ? null : timeValue(Date.parse(time)),
    default_collation_name: table.defaultCollation ?? 'NULL',
    ...(ddl === undefined ? {} : { ddl }),
  }
}

/** VIEWS: a row for each view, with its query. */
export const views: InformationTable = {
  fields: fieldsOf({
    table_catalog: 'STRING',
    table_schema: 'STRING',
    table_name: 'STRING',
    view_definition: 'STRING',
    check_option: 'STRING',
    use_standard_sql: 'STRING',
  }),
  rows: ({ catalog }, scope) =>
    tablesIn(catalog, scope).flatMap(({ tableReference, view }) => {
      if (!view) return []
      const names = tableColumns(tableReference)
      return [{ ...names, view_definition: view.query, use_standard_sql: 'YES' }]
    }),
}
