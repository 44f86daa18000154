import type { DuckDBValue } from '@duckdb/node-api'
import { DuckDBTimestampTZValue } from '@duckdb/node-api'
import type {
  Field,
  FieldType,
  ProjectDataset,
  Table,
  TableReference,
} from '../../../catalog/resources.ts'
import type { CatalogView } from '../../../catalog/catalog-view.ts'
import type { Work } from '../work.ts'

/** One dataset, or a whole project. */
export type Scope = { projectId: string; datasetId?: string }

export type Row = Record<string, DuckDBValue>

/** A view of the information schema; a value that a row lacks is NULL. */
export type InformationTable = {
  fields: Field[]
  /** Columns that BigQuery fills and we do not: reading them is refused. */
  unknown?: string[]
  /** Columns whose value is not known of every row: reading them is refused where a row lacks it. */
  partlyKnown?: string[]
  rows(work: Work, scope: Scope): Promise<Row[]> | Row[]
}

/** `name TYPE` each, a type as the REST API names it. */
export function fieldsOf(columns: Record<string, FieldType>): Field[] {
  return Object.entries(columns).map(([name, type]) => ({ name, type, mode: 'NULLABLE' }))
}

export function tablesIn(catalog: CatalogView, { projectId, datasetId }: Scope): Table[] {
  if (datasetId !== undefined) return catalog.tables({ projectId, datasetId })
  return catalog
    .datasets(projectId)
    .flatMap(({ datasetReference }) => catalog.tables(datasetReference))
}

export function datasetsIn(
  catalog: CatalogView,
  { projectId, datasetId }: Scope,
): ProjectDataset[] {
  if (datasetId !== undefined) return [{ projectId, datasetId }]
  return catalog.datasets(projectId).map(({ datasetReference }) => datasetReference)
}

/** The columns by which every view about tables names its table. */
export function tableColumns({ projectId, datasetId, tableId }: TableReference): Row {
  return { table_catalog: projectId, table_schema: datasetId, table_name: tableId }
}

/** A time in milliseconds since the epoch, as the REST API writes it. */
export function timeValue(milliseconds: string | number): DuckDBValue {
  return new DuckDBTimestampTZValue(BigInt(Math.round(Number(milliseconds))) * 1000n)
}

export function yesNo(value: boolean): string {
  return value ? 'YES' : 'NO'
}
