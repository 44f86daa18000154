import { notSupported } from '../../bigquery-error.ts'
import type { TableReference } from '../../catalog/resources.ts'
import { type SqlType, type StructField, typeName } from '../analyzer/sql-type.ts'

export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

export function textLiteral(value: string): string {
  // DuckDB's parser ends a statement at a NUL.
  if (!value.includes('\0')) return `'${value.replaceAll("'", "''")}'`
  return `(${value.split('\0').map(textLiteral).join(' || chr(0) || ')})`
}

/** Where the rows of a table lie. */
export function physicalName({ projectId, datasetId, tableId }: TableReference): string {
  return `${identifier(`${projectId}.${datasetId}`)}.${identifier(tableId)}`
}

const scalarTypes: Partial<Record<SqlType['kind'], string>> = {
  INT64: 'BIGINT',
  FLOAT64: 'DOUBLE',
  BOOL: 'BOOLEAN',
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  NUMERIC: 'DECIMAL(38,9)',
  DATE: 'DATE',
  DATETIME: 'TIMESTAMP',
  TIME: 'TIME',
  TIMESTAMP: 'TIMESTAMPTZ',
  JSON: 'JSON',
  INTERVAL: 'INTERVAL',
  // The value times ten to the power of 38: DuckDB compares, orders, hashes and sums such integers by value.
  BIGNUMERIC: 'BIGNUM',
}

/** The DuckDB type that holds every value of a GoogleSQL type; types without one are refused. */
export function duckType(type: SqlType): string {
  if (type.kind === 'ARRAY') return `${duckType(type.element)}[]`
  if (type.kind === 'RANGE') {
    const element = duckType(type.element)
    return `STRUCT("start" ${element}, "end" ${element})`
  }
  if (type.kind === 'STRUCT') {
    const fields = type.fields.map((field, index) => {
      return `${identifier(fieldName(field, index))} ${duckType(field.type)}`
    })
    return `STRUCT(${fields.join(', ')})`
  }
  const name = scalarTypes[type.kind]
  if (!name) throw notSupported(`type ${typeName(type)}`)
  return name
}

/** DuckDB has no anonymous fields and takes names that differ in case for equal: such fields get names by place. */
export function fieldName({ name }: StructField, index: number): string {
  return name === '' ? `_f${index}` : name
}
