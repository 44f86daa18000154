import type { Field, Table } from '../../../catalog/resources.ts'
import { typeText } from '../ddl/type-text.ts'
import {
  fieldsOf,
  tableColumns,
  tablesIn,
  yesNo,
  type InformationTable,
  type Row,
} from './information-table.ts'

/** COLUMNS: a row for each column, in the order of the table's. */
export const columns: InformationTable = {
  fields: fieldsOf({
    table_catalog: 'STRING',
    table_schema: 'STRING',
    table_name: 'STRING',
    column_name: 'STRING',
    ordinal_position: 'INTEGER',
    is_nullable: 'STRING',
    data_type: 'STRING',
    is_generated: 'STRING',
    generation_expression: 'STRING',
    is_stored: 'STRING',
    is_hidden: 'STRING',
    is_updatable: 'STRING',
    is_system_defined: 'STRING',
    is_partitioning_column: 'STRING',
    clustering_ordinal_position: 'INTEGER',
    collation_name: 'STRING',
    column_default: 'STRING',
    rounding_mode: 'STRING',
  }),
  rows: ({ catalog }, scope) => tablesIn(catalog, scope).flatMap(columnRows),
}

function columnRows(table: Table): Row[] {
  const { schema, timePartitioning, rangePartitioning } = table
  const partition = (timePartitioning?.field ?? rangePartitioning?.field)?.toLowerCase()
  const cluster = (table.clustering?.fields ?? []).map((name) => name.toLowerCase())
  const rows = schema.fields.map((field, index) => {
    const place = cluster.indexOf(field.name.toLowerCase())
    return {
      ...columnRow(table, field),
      ordinal_position: BigInt(index + 1),
      is_hidden: 'NO',
      is_system_defined: 'NO',
      is_partitioning_column: yesNo(field.name.toLowerCase() === partition),
      clustering_ordinal_position: place === -1 ? null : BigInt(place + 1),
    }
  })
  if (!timePartitioning || timePartitioning.field !== undefined) return rows
  const hidden: Row = { is_hidden: 'YES', is_system_defined: 'YES' }
  const time: Field = { name: '_PARTITIONTIME', type: 'TIMESTAMP' }
  const day: Field = { name: '_PARTITIONDATE', type: 'DATE' }
  return [
    ...rows,
    { ...columnRow(table, time), ...hidden, is_partitioning_column: 'YES' },
    ...(timePartitioning.type === 'DAY'
      ? [{ ...columnRow(table, day), ...hidden, is_partitioning_column: 'NO' }]
      : []),
  ]
}

function columnRow({ tableReference }: Table, field: Field): Row {
  return {
    ...tableColumns(tableReference),
    column_name: field.name,
    is_nullable: yesNo(field.mode !== 'REQUIRED'),
    data_type: typeText(field),
    is_generated: 'NEVER',
    collation_name: 'NULL',
    column_default: field.defaultValueExpression ?? 'NULL',
    rounding_mode: field.roundingMode ?? null,
  }
}

/** COLUMN_FIELD_PATHS: a row for each column and each field inside of one. */
export const columnFieldPaths: InformationTable = {
  fields: fieldsOf({
    table_catalog: 'STRING',
    table_schema: 'STRING',
    table_name: 'STRING',
    column_name: 'STRING',
    field_path: 'STRING',
    data_type: 'STRING',
    description: 'STRING',
    collation_name: 'STRING',
    rounding_mode: 'STRING',
  }),
  rows: ({ catalog }, scope) =>
    tablesIn(catalog, scope).flatMap(({ tableReference, schema }) =>
      schema.fields.flatMap((column) =>
        paths(column, column.name).map(([path, field]) => ({
          ...tableColumns(tableReference),
          column_name: column.name,
          field_path: path,
          data_type: typeText(field),
          description: field.description ?? null,
          collation_name: 'NULL',
          rounding_mode: field.roundingMode ?? null,
        })),
      ),
    ),
}

function paths(field: Field, path: string): [path: string, field: Field][] {
  const members = field.fields ?? []
  return [[path, field], ...members.flatMap((member) => paths(member, `${path}.${member.name}`))]
}
