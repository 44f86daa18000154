import type { ProjectDataset, TableReference } from '../catalog/resources.ts'

/** A name as an identifier of DuckDB, whatever it holds. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A text as a literal of DuckDB. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The DuckDB schema that holds a dataset's tables, unquoted. */
export function schemaName({ projectId, datasetId }: ProjectDataset): string {
  return `${projectId}.${datasetId}`
}

/** The DuckDB table of a table, quoted. */
export function tableName(table: TableReference): string {
  return `${identifier(schemaName(table))}.${identifier(table.tableId)}`
}
