import { notSupported } from '../bigquery-error.ts'
import type { Field, FieldType, Table } from '../catalog/resources.ts'
import { commitDefinition } from './commits.ts'
import { identifier } from './names.ts'
import { partitionTime } from './partition-time.ts'

const scalars: Partial<Record<FieldType, string>> = {
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  INTEGER: 'BIGINT',
  FLOAT: 'DOUBLE',
  // DuckDB's bare DECIMAL is (18, 3).
  NUMERIC: 'DECIMAL(38,9)',
  // The value times ten to the power of 38.
  BIGNUMERIC: 'BIGNUM',
  BOOLEAN: 'BOOLEAN',
  TIMESTAMP: 'TIMESTAMPTZ',
  DATE: 'DATE',
  TIME: 'TIME',
  DATETIME: 'TIMESTAMP',
  JSON: 'JSON',
  INTERVAL: 'INTERVAL',
}

/** The DuckDB type of a column; refuses what DuckDB cannot hold exactly. */
export function columnType(field: Field): string {
  return field.mode === 'REPEATED' ? `${itemType(field)}[]` : itemType(field)
}

/** The DuckDB type of one item of a repeated column, or of a column that is not repeated. */
function itemType({ type, fields = [], rangeElementType }: Field): string {
  if (type === 'RECORD') {
    const members = fields.map((member) => `${identifier(member.name)} ${columnType(member)}`)
    return `STRUCT(${members.join(', ')})`
  }
  if (type === 'RANGE') {
    const element = scalars[(rangeElementType?.type ?? 'DATE') as FieldType]
    return `STRUCT("start" ${element}, "end" ${element})`
  }
  const scalar = scalars[type]
  if (scalar) return scalar
  throw notSupported(`columns of type ${type}`)
}

/** The columns of a CREATE TABLE, those that BigQuery hides included. */
export function columnDefinitions({
  schema,
  timePartitioning,
}: Pick<Table, 'schema' | 'timePartitioning'>): string {
  const columns = [commitDefinition, ...schema.fields.map(columnDefinition)]
  if (timePartitioning && timePartitioning.field === undefined) {
    columns.push(`${identifier(ingestionTime)} TIMESTAMPTZ NOT NULL`)
  }
  return columns.join(', ')
}

/** The hidden column of tables that are partitioned by the time at which their rows came. */
export const ingestionTime = '_PARTITIONTIME'

/** That column and its value, in DuckDB's SQL, for rows that come at this time; nothing for other tables. */
export function ingestionColumns(
  { timePartitioning }: Pick<Table, 'timePartitioning'>,
  micros: bigint,
): { names: string[]; values: string[] } {
  if (!timePartitioning || timePartitioning.field !== undefined) return { names: [], values: [] }
  const start = partitionTime(timePartitioning.type, micros)
  return {
    names: [identifier(ingestionTime)],
    values: [`make_timestamptz(CAST('${start}' AS BIGINT))`],
  }
}

function columnDefinition(field: Field): string {
  const column = `${identifier(field.name)} ${columnType(field)}`
  // A repeated column is never null: BigQuery stores an empty array instead.
  if (field.mode === 'REPEATED') return `${column} DEFAULT []`
  return field.mode === 'REQUIRED' ? `${column} NOT NULL` : column
}
