import type { DuckDBConnection } from '@duckdb/node-api'
import { BigQueryError, notSupported } from '../../bigquery-error.ts'
import type { Change } from '../../catalog/catalog.ts'
import type { NewObject } from '../../catalog/catalog-draft.ts'
import { preparePartition } from '../../catalog/partition-decorator.ts'
import { alreadyExists, notFound } from '../../catalog/not-found.ts'
import type { Schema, Table } from '../../catalog/resources.ts'
import { refuseRowAccess } from '../../catalog/row-access.ts'
import { emptyTable } from '../../catalog/table-history.ts'
import { createTable } from '../../catalog/tables.ts'
import { tableName } from '../../database/names.ts'
import { changeSchema, compareSchemas } from '../../catalog/change-schema.ts'
import { existingForRows } from '../../catalog/find-table.ts'
import type { LoadOptions } from './load-options.ts'

/** The table that rows are to be added to: made, emptied or given new columns as the load asks. */
export async function prepareTarget(
  change: Change,
  options: LoadOptions,
  detect: () => Promise<Schema>,
): Promise<Table> {
  const { destination, writeDisposition, createDisposition, schema: given } = options
  const { catalog, connection } = change
  const { projectId, datasetId } = destination
  if (!catalog.hasDataset(destination)) throw notFound({ projectId, datasetId })
  if (!catalog.table(destination)) {
    if (options.partition !== undefined && !options.layout.timePartitioning) {
      throw notSupported('a load into a partition of a table that is not there')
    }
    if (createDisposition === 'CREATE_NEVER') throw notFound(destination)
    return await create(change, options, await schemaFor(options, detect), 'create')
  }

  const table = existingForRows(catalog, destination)
  if (writeDisposition !== 'WRITE_APPEND') refuseRowAccess(table, 'a load over')
  if (options.partition !== undefined) {
    return await prepareDestinationPartition(change, table, options)
  }
  if (writeDisposition === 'WRITE_EMPTY' && (await hasRows(connection, table))) {
    throw alreadyExists(destination)
  }
  if (writeDisposition === 'WRITE_TRUNCATE') {
    if (!given && !options.autodetect) return await empty(change, table)
    return await create(change, options, await schemaFor(options, detect), 'orReplace', table)
  }
  if (writeDisposition === 'WRITE_TRUNCATE_DATA') await empty(change, table)
  return given ? await widen(change, table, given, options) : table
}

async function schemaFor(options: LoadOptions, detect: () => Promise<Schema>): Promise<Schema> {
  if (options.schema) return options.schema
  if (options.autodetect || options.format === 'PARQUET') return await detect()
  throw new BigQueryError('invalid', 'No schema specified on job or table.')
}

async function create(
  change: Change,
  { destination, layout }: LoadOptions,
  schema: Schema,
  mode: 'create' | 'orReplace',
  before?: Table,
): Promise<Table> {
  const { location } = change.catalog.dataset(destination) ?? change.catalog
  // A replaced table keeps how it is laid out unless the load says otherwise.
  const { timePartitioning, rangePartitioning, clustering, description, labels } = before ?? {}
  const kept = { timePartitioning, rangePartitioning, clustering, description, labels }
  const table: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(kept).filter(([, value]) => value !== undefined)),
    ...layout,
    tableReference: destination,
    type: 'TABLE',
    schema,
    location,
  }
  await createTable(change, table as NewObject<Table>, mode)
  return existingForRows(change.catalog, destination)
}

async function empty(change: Change, table: Table): Promise<Table> {
  await emptyTable(change, table)
  return table
}

/** The table, of which the partition is as the load asks. */
async function prepareDestinationPartition(
  change: Change,
  table: Table,
  { partition = '', writeDisposition, schema, ...options }: LoadOptions,
): Promise<Table> {
  await preparePartition(change, table, { partition, writeDisposition })
  return schema ? await widen(change, table, schema, options) : table
}

/** An append may bring new columns, or relax old ones, where it says so. */
async function widen(
  change: Change,
  table: Table,
  schema: Schema,
  { schemaUpdateOptions }: Pick<LoadOptions, 'schemaUpdateOptions'>,
): Promise<Table> {
  const { added, relaxed } = compareSchemas(table, schema.fields)
  const [first] = added
  if (first && !schemaUpdateOptions.includes('ALLOW_FIELD_ADDITION')) {
    throw invalidUpdate(`Cannot add fields (field: ${first.path.join('.')})`)
  }
  const [firstRelaxed] = relaxed
  if (firstRelaxed && !schemaUpdateOptions.includes('ALLOW_FIELD_RELAXATION')) {
    throw invalidUpdate(
      `Field ${firstRelaxed.join('.')} has changed mode from REQUIRED to NULLABLE`,
    )
  }
  if (added.length + relaxed.length === 0) return table
  await changeSchema(change.connection, table, schema)
  return change.catalog.putTable({ ...table, schema })
}

function invalidUpdate(what: string): BigQueryError {
  return new BigQueryError('invalid', `Invalid schema update. ${what}`)
}

async function hasRows(connection: DuckDBConnection, table: Table): Promise<boolean> {
  const name = tableName(table.tableReference)
  const found = await connection.runAndReadAll(`SELECT 1 FROM ${name} LIMIT 1`)
  return found.currentRowCount > 0
}
