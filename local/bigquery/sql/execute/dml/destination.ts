import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import type { NewObject } from '../../../catalog/catalog-draft.ts'
import { changeSchema } from '../../../catalog/change-schema.ts'
import { alreadyExists, notFound } from '../../../catalog/not-found.ts'
import {
  partitionOf,
  preparePartition,
  requireRowsInPartition,
  withDecorator,
} from '../../../catalog/partition-decorator.ts'
import type { Field, Table } from '../../../catalog/resources.ts'
import { refuseRowAccess } from '../../../catalog/row-access.ts'
import { emptyTable } from '../../../catalog/table-history.ts'
import { createTable, requireType } from '../../../catalog/tables.ts'
import { tableName } from '../../../database/names.ts'
import { runForValues } from '../../../database/result-rows.ts'
import type { Analysis } from '../../analyzer/analyzer.ts'
import type { QueryRequest } from '../../sql-engine.ts'
import { dmlTarget } from './dml-target.ts'
import { insertRows } from './insert-rows.ts'
import type { Outcome } from '../outcome.ts'
import { prepareQuery, type PreparedQuery } from '../query.ts'
import { refuseOtherFields, refuseUpdateOptions, updatedFields } from './schema-update.ts'
import type { WriteWork } from '../work.ts'

type Destination = NonNullable<QueryRequest['destination']>

/** Runs a query whose rows go into a table, as the job's configuration says. */
export async function runIntoDestination(work: WriteWork, analysis: Analysis): Promise<Outcome> {
  const { session, connection, change } = work
  const { destination, dryRun } = session.request
  if (!destination) throw new Error('no destination')
  const prepared = await prepareQuery(work, analysis)
  refuseDuplicates(prepared)
  const outcome = {
    statementType: 'SELECT',
    schema: prepared.fields,
    totalBytesProcessed: prepared.totalBytesProcessed,
    referencedTables: prepared.referencedTables,
  }
  if (dryRun) return outcome

  // Evaluated before the table changes, for it may be among those that the query reads.
  await connection.run(`CREATE TEMP TABLE _result AS ${prepared.sql}`)
  const table = await tableFor(work, destination, prepared)
  const { defaultValue } = await dmlTarget(work, table)
  const columns = columnsInOrder(table, prepared.fields, defaultValue)
  const partition =
    destination.partition === undefined ? undefined : partitionOf(table, destination.partition)
  await insertRows(work, table, `SELECT ${columns} FROM _result`, partition?.time)
  if (partition) await requireRowsInPartition(change, table, partition)
  change.catalog.touchTable(table.tableReference)
  await connection.run('DROP TABLE _result')
  // The job's result is the table, with what was in it before.
  const { fields } = table.schema
  return {
    ...outcome,
    schema: fields,
    destinationTable: withDecorator(table.tableReference, destination.partition),
  }
}

function refuseDuplicates({ columns }: PreparedQuery): void {
  const names = columns.map(({ name }) => name.toLowerCase())
  const duplicates = new Set(names.filter((name, index) => names.indexOf(name) < index))
  if (duplicates.size === 0) return
  throw new BigQueryError(
    'invalidQuery',
    'Duplicate column names in the result are not supported when a destination table is present. ' +
      `Found duplicate(s): ${[...duplicates].join(', ')}`,
    { location: 'query' },
  )
}

/** The table that takes the rows: made, emptied or as it is. */
async function tableFor(
  work: WriteWork,
  destination: Destination,
  { fields }: PreparedQuery,
): Promise<NewObject<Table>> {
  const { change, catalog, connection } = work
  const { table: reference, partition, writeDisposition, createDisposition } = destination
  refuseUpdateOptions(destination)
  const existing = catalog.table(reference)
  if (!existing) {
    if (createDisposition === 'CREATE_NEVER') throw notFound(reference)
    if (partition !== undefined && !destination.timePartitioning) {
      throw notSupported('a result into a partition of a table that is not there')
    }
    const created = newTable(work, destination, fields)
    await createTable(change, created)
    return created
  }
  requireType(existing, ['TABLE'])
  refuseRowAccess(existing, 'the result of a query into')
  if (partition !== undefined) {
    await preparePartition(change, existing, { partition, writeDisposition })
    return await withFieldsOf(work, existing, destination, fields)
  }
  const name = tableName(reference)
  if (writeDisposition === 'WRITE_EMPTY') {
    const [row] = await runForValues(connection, `SELECT 1 FROM ${name} LIMIT 1`)
    if (row) throw alreadyExists(reference)
  }
  if (writeDisposition === 'WRITE_TRUNCATE') {
    const { timePartitioning, rangePartitioning, clustering } = existing
    const replaced = {
      ...(timePartitioning && { timePartitioning }),
      ...(rangePartitioning && { rangePartitioning }),
      ...(clustering && { clustering }),
      ...newTable(work, destination, fields),
    }
    await createTable(change, replaced, 'orReplace')
    return replaced
  }
  if (writeDisposition === 'WRITE_TRUNCATE_DATA') await emptyTable(change, existing)
  return await withFieldsOf(work, existing, destination, fields)
}

/** The table with columns for all that the query gives, as far as the job allows new ones. */
async function withFieldsOf(
  { change, connection }: WriteWork,
  existing: Table,
  destination: Destination,
  fields: Field[],
): Promise<NewObject<Table>> {
  const changed = { ...existing, schema: { fields: updatedFields(existing, fields, destination) } }
  refuseOtherFields(changed, fields)
  if (JSON.stringify(changed) === JSON.stringify(existing)) return existing
  await changeSchema(connection, existing, changed.schema)
  return change.catalog.putTable(changed)
}

function newTable(
  { catalog }: WriteWork,
  { table, timePartitioning, rangePartitioning, clustering }: Destination,
  fields: Field[],
): NewObject<Table> {
  return {
    tableReference: table,
    type: 'TABLE',
    location: catalog.dataset(table)?.location ?? catalog.location,
    schema: { fields },
    ...(timePartitioning && { timePartitioning }),
    ...(rangePartitioning && { rangePartitioning }),
    ...(clustering && { clustering }),
  }
}

/** The query's columns by name, in the order of the table's; the default of those that it lacks. */
function columnsInOrder(
  { schema }: NewObject<Table>,
  fields: Field[],
  defaultValue: (column: string) => string,
): string {
  const names = fields.map(({ name }) => name.toLowerCase())
  return schema.fields
    .map(({ name }, index) => {
      const place = names.indexOf(name.toLowerCase())
      return place === -1 ? `${defaultValue(name)} AS o${index}` : `o${place} AS o${index}`
    })
    .join(', ')
}
