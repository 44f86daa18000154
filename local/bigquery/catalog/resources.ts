/** BigQuery's REST resources, as far as the catalog keeps them: what `tables.get` and its kin answer. */

export type ProjectDataset = { projectId: string; datasetId: string }
export type TableReference = ProjectDataset & { tableId: string }
export type RoutineReference = ProjectDataset & { routineId: string }

/** Type names as the REST API writes them in schemas: the legacy ones. */
export type FieldType =
  | 'STRING'
  | 'BYTES'
  | 'INTEGER'
  | 'FLOAT'
  | 'NUMERIC'
  | 'BIGNUMERIC'
  | 'BOOLEAN'
  | 'TIMESTAMP'
  | 'DATE'
  | 'TIME'
  | 'DATETIME'
  | 'INTERVAL'
  | 'GEOGRAPHY'
  | 'JSON'
  | 'RECORD'
  | 'RANGE'

export type Field = {
  name: string
  type: FieldType
  mode?: 'NULLABLE' | 'REQUIRED' | 'REPEATED'
  description?: string
  fields?: Field[]
  defaultValueExpression?: string
  maxLength?: string
  precision?: string
  scale?: string
  policyTags?: { names: string[] }
  collation?: string
  roundingMode?: string
  rangeElementType?: { type: string }
}

export type Schema = { fields: Field[] }

export type Labels = Record<string, string>

export type Dataset = {
  datasetReference: ProjectDataset
  location: string
  description?: string
  friendlyName?: string
  labels?: Labels
  defaultTableExpirationMs?: string
  defaultPartitionExpirationMs?: string
  defaultCollation?: string
  maxTimeTravelHours?: string
  isCaseInsensitive?: boolean
  storageBillingModel?: string
  access?: unknown[]
  /** Milliseconds since the epoch, as text, as everywhere in this API. */
  creationTime: string
  lastModifiedTime: string
  etag: string
}

export type TableType = 'TABLE' | 'VIEW' | 'MATERIALIZED_VIEW' | 'EXTERNAL' | 'SNAPSHOT' | 'CLONE'

export type Table = {
  tableReference: TableReference
  type: TableType
  schema: Schema
  location: string
  description?: string
  friendlyName?: string
  labels?: Labels
  timePartitioning?: {
    type: 'HOUR' | 'DAY' | 'MONTH' | 'YEAR'
    /** Absent: partitioned by ingestion time. */
    field?: string
    expirationMs?: string
  }
  rangePartitioning?: {
    field: string
    range: { start: string; end: string; interval: string }
  }
  requirePartitionFilter?: boolean
  clustering?: { fields: string[] }
  expirationTime?: string
  view?: { query: string; useLegacySql: false }
  materializedView?: {
    query: string
    enableRefresh?: boolean
    refreshIntervalMs?: string
    maxStaleness?: string
  }
  snapshotDefinition?: { baseTableReference: TableReference; snapshotTime: string }
  cloneDefinition?: { baseTableReference: TableReference; cloneTime: string }
  defaultCollation?: string
  maxStaleness?: string
  tableConstraints?: { primaryKey?: { columns: string[] }; foreignKeys?: ForeignKey[] }
  rowAccessPolicies?: RowAccessPolicy[]
  creationTime: string
  lastModifiedTime: string
  etag: string
}

export type ForeignKey = {
  name?: string
  referencedTable: TableReference
  columnReferences: { referencingColumn: string; referencedColumn: string }[]
}

/** Lets the grantees see the rows of its table for which the condition holds. */
export type RowAccessPolicy = {
  policyId: string
  filterPredicate: string
  grantees: string[]
  /** In the form of RFC 3339, unlike everywhere else in this API. */
  creationTime: string
  lastModifiedTime: string
}

export type Routine = {
  routineReference: RoutineReference
  routineType: 'SCALAR_FUNCTION' | 'AGGREGATE_FUNCTION' | 'PROCEDURE' | 'TABLE_VALUED_FUNCTION'
  language: 'SQL' | 'JAVASCRIPT'
  arguments?: {
    name: string
    argumentKind?: 'FIXED_TYPE' | 'ANY_TYPE'
    mode?: 'IN' | 'OUT' | 'INOUT'
    /** False: an aggregate function takes one value of it for all rows. */
    isAggregate?: false
    dataType?: StandardSqlType
  }[]
  returnType?: StandardSqlType
  returnTableType?: { columns: { name: string; type: StandardSqlType }[] }
  definitionBody: string
  description?: string
  strictMode?: boolean
  creationTime: string
  lastModifiedTime: string
  etag: string
}

/** A type in the standard form: `{ typeKind: 'ARRAY', arrayElementType: { typeKind: 'INT64' } }`. */
export type StandardSqlType = {
  typeKind: string
  arrayElementType?: StandardSqlType
  structType?: { fields: { name?: string; type: StandardSqlType }[] }
  rangeElementType?: StandardSqlType
}
