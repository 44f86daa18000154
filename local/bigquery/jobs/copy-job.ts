import { BigQueryError, notSupported } from '../bigquery-error.ts'
import type { Catalog, Change } from '../catalog/catalog.ts'
import type { NewObject } from '../catalog/catalog-draft.ts'
import { alreadyExists, nameOf, notFound } from '../catalog/not-found.ts'
import type { Field, Table, TableReference } from '../catalog/resources.ts'
import { createTable } from '../catalog/tables.ts'
import { ingestionColumns } from '../database/column-type.ts'
import { identifier, tableName } from '../database/names.ts'
import { isObject } from '../is-object.ts'
import { existing, existingForRows } from '../catalog/find-table.ts'
import { readSource, undecorated, type CopySource, type DecoratedTable } from './copy-source.ts'
import { definitionOf, operationOf, requireSource, type CopyOperation } from './copy-operation.ts'
import { createDispositionOf, writeDispositionOf } from './dispositions.ts'
import { tableReference } from './references.ts'
import type { JobRunner } from './submit-job.ts'

/** Prepares a copy of one or more tables of the same columns into another. */
export function createCopyRunner(catalog: Catalog): JobRunner {
  return (reference, { configuration: { copy = {} } }) => {
    const operation = operationOf(copy)
    if (copy.destinationExpirationTime) throw notSupported('copies with destinationExpirationTime')
    const sources = sourcesOf(copy, reference.projectId)
    const destination = tableIn(copy.destinationTable, reference.projectId, 'destinationTable')

    return async ({ signal, noteDone }) =>
      await catalog.write(async (change) => {
        signal.throwIfAborted()
        const copies: CopySource[] = []
        for (const source of sources) copies.push(await readSource(change, source, destination))
        for (const { table } of copies) requireSource(table, operation)
        const target = await prepareTarget(change, { ...copy, operation }, destination, copies)
        let copied = 0
        for (const source of copies) copied += await copyRows(change, source, target)
        change.catalog.touchTable(destination)
        const outcome = { statistics: { copy: { copiedRows: String(copied) } } }
        await noteDone(change.connection, outcome)
        return outcome
      })
  }
}

function sourcesOf(copy: Record<string, unknown>, projectId: string): DecoratedTable[] {
  const { sourceTable, sourceTables } = copy
  const all: unknown[] = Array.isArray(sourceTables) ? sourceTables : [sourceTable]
  return all.map((source) => {
    const { id, time } = undecorated(isObject(source) ? source.tableId : undefined)
    const plain = isObject(source) && id !== undefined ? { ...source, tableId: id } : source
    const reference = tableIn(plain, projectId, 'sourceTable')
    return { reference, ...(time !== undefined && { time }) }
  })
}

function tableIn(reference: unknown, projectId: string, name: string): TableReference {
  if (!isObject(reference)) {
    throw new BigQueryError('required', `Required parameter is missing: ${name}`, {
      location: name,
    })
  }
  const table = tableReference(reference, projectId)
  if (table.tableId.includes('$')) throw notSupported('copies of a partition (table$id)')
  return table
}

async function prepareTarget(
  change: Change,
  copy: Record<string, unknown> & { operation: CopyOperation },
  destination: TableReference,
  [source, ...others]: CopySource[],
): Promise<Table> {
  if (!source) throw new BigQueryError('required', 'Required parameter is missing: sourceTable')
  const { table: first, time } = source
  for (const other of others) requireSameColumns(first, other.table)
  const before = change.catalog.table(destination)
  const write = writeDispositionOf(copy, 'WRITE_EMPTY')
  if (!before && createDispositionOf(copy) === 'CREATE_NEVER') throw notFound(destination)
  if (before && write === 'WRITE_EMPTY') throw alreadyExists(destination)
  if (before && write === 'WRITE_APPEND') {
    requireSameColumns(before, first)
    return existingForRows(change.catalog, destination)
  }
  const location = change.catalog.dataset(destination)?.location ?? first.location
  await createTable(
    change,
    {
      ...layoutOf(first),
      ...definitionOf(copy.operation, first.tableReference, time),
      tableReference: destination,
      location,
    },
    'orReplace',
  )
  return existing(change.catalog, destination)
}

/** What a copy takes from its source besides the rows. */
function layoutOf(table: Table): Omit<NewObject<Table>, 'tableReference' | 'location'> {
  const { schema, description, labels, timePartitioning, rangePartitioning, clustering } = table
  const { requirePartitionFilter, friendlyName } = table
  return {
    type: 'TABLE',
    schema,
    ...(description !== undefined && { description }),
    ...(friendlyName !== undefined && { friendlyName }),
    ...(labels && { labels }),
    ...(timePartitioning && { timePartitioning }),
    ...(rangePartitioning && { rangePartitioning }),
    ...(clustering && { clustering }),
    ...(requirePartitionFilter !== undefined && { requirePartitionFilter }),
  }
}

function requireSameColumns(one: Table, other: Table): void {
  if (columnsOf(one.schema.fields) === columnsOf(other.schema.fields)) return
  throw new BigQueryError(
    'invalid',
    `Provided Schema does not match Table ${nameOf(one.tableReference)}.`,
  )
}

function columnsOf(fields: Field[]): string {
  return fields
    .map(({ name, type, mode, fields: inner = [] }) => {
      const repeated = mode === 'REPEATED' ? ' REPEATED' : ''
      return `${name.toLowerCase()} ${type}${repeated}(${columnsOf(inner)})`
    })
    .join()
}

async function copyRows(
  { connection, catalog }: Change,
  { table: from, rows }: CopySource,
  to: Table,
): Promise<number> {
  const names = to.schema.fields.map(({ name }) => identifier(name))
  const hidden = ingestionColumns(to, BigInt(Math.floor(catalog.now())) * 1000n)
  // Rows of a table that is partitioned in the same way stay in their partitions.
  const values = hasIngestionTime(from) ? hidden.names : hidden.values
  const result = await connection.run(
    `INSERT INTO ${tableName(to.tableReference)} (${[...names, ...hidden.names].join(', ')}) ` +
      `SELECT ${[...names, ...values].join(', ')} FROM ${rows()}`,
  )
  return result.rowsChanged
}

function hasIngestionTime({ timePartitioning }: Table): boolean {
  return timePartitioning !== undefined && timePartitioning.field === undefined
}
