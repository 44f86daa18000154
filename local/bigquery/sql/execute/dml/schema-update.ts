import { BigQueryError } from '../../../bigquery-error.ts'
import type { Field, Table } from '../../../catalog/resources.ts'
import type { QueryRequest } from '../../sql-engine.ts'

type Destination = NonNullable<QueryRequest['destination']>

/** The table's columns with what the job lets the query change: more of them, or fewer required. */
export function updatedFields(
  { schema }: Table,
  fields: Field[],
  { schemaUpdateOptions = [] }: Destination,
): Field[] {
  const known = new Set(schema.fields.map(({ name }) => name.toLowerCase()))
  const given = new Set(fields.map(({ name }) => name.toLowerCase()))
  const added = schemaUpdateOptions.includes('ALLOW_FIELD_ADDITION')
    ? fields.filter(({ name }) => !known.has(name.toLowerCase()))
    : []
  if (!schemaUpdateOptions.includes('ALLOW_FIELD_RELAXATION')) return [...schema.fields, ...added]
  const relaxed = schema.fields.map((field): Field => {
    const isRelaxed = field.mode === 'REQUIRED' && given.has(field.name.toLowerCase())
    return isRelaxed ? { ...field, mode: 'NULLABLE' } : field
  })
  return [...relaxed, ...added]
}

const updateOptions = ['ALLOW_FIELD_ADDITION', 'ALLOW_FIELD_RELAXATION']

export function refuseUpdateOptions({
  schemaUpdateOptions = [],
  writeDisposition,
}: Destination): void {
  if (schemaUpdateOptions.length === 0) return
  const unknown = schemaUpdateOptions.find((option) => !updateOptions.includes(option))
  if (unknown !== undefined) {
    throw new BigQueryError('invalid', `Invalid schema update option: ${unknown}`)
  }
  if (writeDisposition !== 'WRITE_APPEND') {
    throw new BigQueryError(
      'invalid',
      'Schema update options should only be specified with WRITE_APPEND disposition, or with ' +
        'WRITE_TRUNCATE disposition on a table partition.',
    )
  }
}

export function refuseOtherFields({ schema }: Table, fields: Field[]): void {
  const known = new Map(schema.fields.map((field) => [field.name.toLowerCase(), field]))
  for (const field of fields) {
    const column = known.get(field.name.toLowerCase())
    if (!column) {
      throw new BigQueryError(
        'invalid',
        `Invalid schema update. Cannot add fields (field: ${field.name})`,
      )
    }
    if (column.type === field.type && isArray(column) === isArray(field)) continue
    throw new BigQueryError(
      'invalid',
      `Invalid schema update. Field ${field.name} has changed type from ${column.type} to ${field.type}`,
    )
  }
}

function isArray({ mode }: Field): boolean {
  return mode === 'REPEATED'
}
