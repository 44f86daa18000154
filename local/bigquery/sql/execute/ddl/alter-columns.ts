import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import { alreadyExists, nameOf } from '../../../catalog/not-found.ts'
import type { Field, Table } from '../../../catalog/resources.ts'
import { columnType } from '../../../database/column-type.ts'
import { identifier, tableName } from '../../../database/names.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { columnField } from './column-fields.ts'
import { targetTable } from '../target.ts'
import type { WriteWork } from '../work.ts'

/** ADD COLUMN at the end; the rows that are there have NULL in it, or an empty array. */
export async function addColumn(
  { connection, ...work }: WriteWork,
  action: ResolvedNode,
  table: Table,
): Promise<Table> {
  const field = await columnField({ ...work, connection }, action.node('columnDefinition'))
  const ifNotExists = action.flag('isIfNotExists')
  if (findField(table, field.name)) {
    if (ifNotExists) return table
    throw invalid(`Column already exists: ${field.name}`)
  }
  if (field.mode === 'REQUIRED')
    throw invalid(`Cannot add required column ${field.name} to an existing table`)
  if (field.defaultValueExpression !== undefined) {
    throw invalid(
      'ALTER TABLE ADD COLUMN does not support a DEFAULT; set it with ALTER COLUMN SET DEFAULT',
    )
  }
  const name = tableName(table.tableReference)
  const column = identifier(field.name)
  await connection.run(`ALTER TABLE ${name} ADD COLUMN ${column} ${columnType(field)}`)
  if (field.mode === 'REPEATED') {
    // In one step with ADD COLUMN, DuckDB refuses a second ALTER in the same transaction.
    await connection.run(`ALTER TABLE ${name} ALTER COLUMN ${column} SET DEFAULT []`)
  }
  return { ...table, schema: { fields: [...table.schema.fields, field] } }
}

/** Puts an empty array into the rows that were there before their repeated columns. */
export async function fillAddedArrays(
  { connection }: WriteWork,
  before: Table,
  after: Table,
): Promise<void> {
  const added = after.schema.fields.filter(
    ({ name, mode }) => mode === 'REPEATED' && !findField(before, name),
  )
  if (added.length === 0) return
  const values = added.map(({ name }) => `${identifier(name)} = coalesce(${identifier(name)}, [])`)
  await connection.run(`UPDATE ${tableName(after.tableReference)} SET ${values.join(', ')}`)
}

export async function dropColumn(
  { connection }: WriteWork,
  action: ResolvedNode,
  table: Table,
): Promise<Table> {
  const name = action.text('name')
  const ifExists = action.flag('isIfExists')
  const field = findField(table, name)
  if (!field) {
    if (ifExists) return table
    throw columnNotFound(name)
  }
  refuseKeyColumn(table, field, 'dropped')
  const fields = table.schema.fields.filter((other) => other !== field)
  if (fields.length === 0) throw invalid('Cannot drop all columns of a table')
  await connection.run(
    `ALTER TABLE ${tableName(table.tableReference)} DROP COLUMN ${identifier(field.name)}`,
  )
  return { ...table, schema: { fields } }
}

export async function renameColumn(
  { connection }: WriteWork,
  action: ResolvedNode,
  table: Table,
): Promise<Table> {
  const name = action.text('name')
  const newName = action.text('newName')
  const ifExists = action.flag('isIfExists')
  const field = findField(table, name)
  if (!field) {
    if (ifExists) return table
    throw columnNotFound(name)
  }
  refuseKeyColumn(table, field, 'renamed')
  if (findField(table, newName)) throw invalid(`Column already exists: ${newName}`)
  const fields = table.schema.fields.map((other) =>
    other === field ? { ...field, name: newName } : other,
  )
  await connection.run(
    `ALTER TABLE ${tableName(table.tableReference)} ` +
      `RENAME COLUMN ${identifier(field.name)} TO ${identifier(newName)}`,
  )
  return { ...table, schema: { fields } }
}

/** RENAME TO keeps the dataset, whatever the statement calls it. */
export async function renameTable(
  work: WriteWork,
  action: ResolvedNode,
  table: Table,
): Promise<Table> {
  const { connection, change, catalog } = work
  const path = action.texts('newPath')
  const before = table.tableReference
  const reference =
    path.length === 1 && !path.join().includes('.')
      ? { ...before, tableId: path.join() }
      : targetTable(work, path)
  if (
    nameOf({ projectId: reference.projectId, datasetId: reference.datasetId }) !==
    nameOf({ projectId: before.projectId, datasetId: before.datasetId })
  ) {
    throw notSupported('ALTER TABLE RENAME TO another dataset')
  }
  if (catalog.table(reference)) throw alreadyExists(reference)
  await connection.run(
    `ALTER TABLE ${tableName(before)} RENAME TO ${identifier(reference.tableId)}`,
  )
  change.catalog.removeTable(before)
  return { ...table, tableReference: reference }
}

export function findField({ schema }: Table, name: string): Field | undefined {
  return schema.fields.find((field) => field.name.toLowerCase() === name.toLowerCase())
}

export function columnNotFound(name: string): BigQueryError {
  return invalid(`Column not found: ${name}`)
}

function refuseKeyColumn(table: Table, { name }: Field, what: string): void {
  const { timePartitioning, rangePartitioning, clustering } = table
  const partition = timePartitioning?.field ?? rangePartitioning?.field
  const same = (other: string): boolean => other.toLowerCase() === name.toLowerCase()
  if (partition !== undefined && same(partition)) {
    throw invalid(`Partitioning column ${name} cannot be ${what}`)
  }
  if (clustering?.fields.some(same)) throw invalid(`Clustering column ${name} cannot be ${what}`)
}

function invalid(message: string): BigQueryError {
  return new BigQueryError('invalidQuery', message, { location: 'query' })
}
