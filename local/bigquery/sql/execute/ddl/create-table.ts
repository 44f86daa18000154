import { notSupported } from '../../../bigquery-error.ts'
import type { NewObject } from '../../../catalog/catalog-draft.ts'
import { tableKey } from '../../../catalog/catalog-view.ts'
import type { Field, Table } from '../../../catalog/resources.ts'
import { createTable as createInCatalog } from '../../../catalog/tables.ts'
import type { Analysis } from '../../analyzer/analyzer.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { columnFields } from './column-fields.ts'
import { constraintsOf } from './constraints.ts'
import { copiedTable, type CopiedTable } from './copied-table.ts'
import { copyRows } from './copy-rows.ts'
import { createModeOf, isTemporary } from './create-mode.ts'
import { insertRows } from '../dml/insert-rows.ts'
import { readOptions } from './options.ts'
import { outcomeOf, type Outcome } from '../outcome.ts'
import { clusteringOf, partitioningOf } from './partitioning.ts'
import { prepareQuery } from '../query.ts'
import { tableOptions, tableSettings } from './table-options.ts'
import { existingTable, referenceOf, targetTable } from '../target.ts'
import { createTemporaryDataset } from '../temporary-tables.ts'
import type { WriteWork } from '../work.ts'

type Operation = 'CREATE' | 'REPLACE' | 'SKIP'

/** CREATE TABLE with its columns, or after the pattern of another table, with its rows or without. */
export async function createTable(work: WriteWork, { statement }: Analysis): Promise<Outcome> {
  const model = await modelOf(work, statement)
  const fields = model?.table.schema.fields ?? (await columnFields(work, statement))
  const own = await tableOfStatement(work, statement, fields)
  const table = model ? { ...likeModel(model.table), ...own } : own
  statement.assertRead()

  const ddlOperationPerformed = await createCopy(work, statement, table, model)
  return outcomeOf('CREATE_TABLE', {
    ddlOperationPerformed,
    ddlTargetTable: table.tableReference,
    schema: table.schema.fields,
  })
}

async function createCopy(
  work: WriteWork,
  statement: ResolvedNode,
  table: NewObject<Table>,
  model: Model | undefined,
): Promise<Operation> {
  const { dryRun } = work.session.request
  const isItself =
    model !== undefined && tableKey(model.table.tableReference) === tableKey(table.tableReference)
  const kept = model?.rows && isItself && !dryRun ? '_result' : undefined
  // The rows must be there before the table that they come from is replaced.
  if (kept) await work.connection.run(`CREATE TEMP TABLE ${kept} AS FROM ${model?.rows?.()}`)
  const operation = await create(work, statement, table)
  if (model?.rows && operation !== 'SKIP') {
    await copyRows(work, kept ?? model.rows(), table.tableReference)
  }
  if (kept) await work.connection.run(`DROP TABLE ${kept}`)
  return operation
}

/** CREATE TABLE … AS SELECT: both the table and its rows, or neither. */
export async function createTableAsSelect(work: WriteWork, analysis: Analysis): Promise<Outcome> {
  const { statement } = analysis
  const fields = await columnFields(work, statement)
  const prepared = await prepareQuery(work, analysis)
  const table = await tableOfStatement(work, statement, fields)
  statement.ignore('query', 'outputColumnList')
  statement.assertRead()

  const { totalBytesProcessed, referencedTables } = prepared
  const { dryRun } = work.session.request
  const target = tableKey(table.tableReference)
  const readsItself = referencedTables.some((reference) => tableKey(reference) === target)
  // The rows must be computed before the table that they come from is replaced.
  if (readsItself && !dryRun) {
    await work.connection.run(`CREATE TEMP TABLE _result AS ${prepared.sql}`)
  }
  const ddlOperationPerformed = await create(work, statement, table)
  if (ddlOperationPerformed !== 'SKIP' && !dryRun) {
    await insertRows(work, table, readsItself ? 'SELECT * FROM _result' : prepared.sql)
  }
  if (readsItself && !dryRun) await work.connection.run('DROP TABLE _result')
  return {
    statementType: 'CREATE_TABLE_AS_SELECT',
    ddlOperationPerformed,
    ddlTargetTable: table.tableReference,
    destinationTable: table.tableReference,
    schema: fields,
    totalBytesProcessed,
    referencedTables,
  }
}

async function tableOfStatement(
  work: WriteWork,
  statement: ResolvedNode,
  fields: Field[],
): Promise<NewObject<Table>> {
  statement.ignore('pseudoColumnList', 'columnDefinitionList', 'createMode', 'createScope')
  for (const name of ['collationName', 'connection']) {
    if (statement.has(name)) throw notSupported(`CREATE TABLE with ${name}`)
  }
  if (statement.flag('isValueTable')) throw notSupported('CREATE TABLE AS SELECT AS STRUCT')
  const options = await readOptions(work, statement, tableOptions)
  const path = statement.texts('namePath')
  const tableReference = isTemporary(statement)
    ? await createTemporaryDataset(work, path)
    : targetTable(work, path)
  const location = work.catalog.dataset(tableReference)?.location ?? work.catalog.location
  return {
    tableReference,
    type: 'TABLE',
    location,
    schema: { fields },
    ...(await partitioningOf(work, statement, options)),
    ...clusteringOf(statement),
    ...constraintsOf(work, statement),
    ...tableSettings(options),
  }
}

async function create(
  work: WriteWork,
  statement: ResolvedNode,
  table: NewObject<Table>,
): Promise<Operation> {
  const mode = createModeOf(statement)
  const operation = await createInCatalog(work.change, table, mode)
  if (isTemporary(statement)) {
    const { tableReference } = table
    work.session.temporaryTables.set(tableReference.tableId.toLowerCase(), tableReference)
  }
  return operation
}

type Model = Pick<CopiedTable, 'table'> & Partial<CopiedTable>

/** The table after LIKE, COPY or CLONE. */
async function modelOf(work: WriteWork, statement: ResolvedNode): Promise<Model | undefined> {
  const like = statement.message('likeTable') as { fullName?: string } | undefined
  if (like?.fullName !== undefined) {
    return { table: existingTable(work.catalog, referenceOf(like.fullName)) }
  }
  const scan = statement.optionalNode('copyFrom') ?? statement.optionalNode('cloneFrom')
  return scan && (await copiedTable(work, scan))
}

/** What a table takes from the one that it is made after. */
function likeModel(model: Table): Partial<Table> {
  const { timePartitioning, rangePartitioning, clustering, requirePartitionFilter } = model
  const { description, friendlyName, labels } = model
  return {
    ...(timePartitioning && { timePartitioning }),
    ...(rangePartitioning && { rangePartitioning }),
    ...(clustering && { clustering }),
    ...(requirePartitionFilter !== undefined && { requirePartitionFilter }),
    ...(description !== undefined && { description }),
    ...(friendlyName !== undefined && { friendlyName }),
    ...(labels && { labels }),
  }
}
