import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import type { NewObject } from '../../../catalog/catalog-draft.ts'
import type { Field, Table } from '../../../catalog/resources.ts'
import { createTable } from '../../../catalog/tables.ts'
import type { Analysis } from '../../analyzer/analyzer.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { columnFields } from './column-fields.ts'
import { createModeOf, isTemporary } from './create-mode.ts'
import { requireIncremental } from './incremental-view.ts'
import { flagOption, readOptions } from './options.ts'
import type { Outcome } from '../outcome.ts'
import { clusteringOf, partitioningOf } from './partitioning.ts'
import { prepareQuery } from '../query.ts'
import {
  materializedViewOptions,
  refreshSettings,
  tableSettings,
  viewOptions,
} from './table-options.ts'
import { targetTable } from '../target.ts'
import type { WriteWork } from '../work.ts'

/** CREATE VIEW: the query is checked now and runs whenever somebody reads the view. */
export async function createView(work: WriteWork, analysis: Analysis): Promise<Outcome> {
  const { statement } = analysis
  const view = await viewOfStatement(work, analysis, viewOptions)
  const query = analysis.asWritten(statement.text('sql'))
  return await create(
    work,
    analysis,
    { ...view.table, type: 'VIEW', view: { query, useLegacySql: false } },
    view,
  )
}

/** CREATE MATERIALIZED VIEW: always as fresh as its query, so it is kept as one. */
export async function createMaterializedView(
  work: WriteWork,
  analysis: Analysis,
): Promise<Outcome> {
  const { statement } = analysis
  if (statement.has('replicaSource')) throw notSupported('CREATE MATERIALIZED VIEW AS REPLICA OF')
  const view = await viewOfStatement(work, analysis, materializedViewOptions)
  if (flagOption(view.options, 'allow_non_incremental_definition') !== true) {
    requireIncremental(statement.node('query'))
  }
  const table: NewObject<Table> = {
    ...view.table,
    type: 'MATERIALIZED_VIEW',
    ...(await partitioningOf(work, statement, view.options)),
    ...clusteringOf(statement),
    materializedView: {
      query: analysis.asWritten(statement.text('sql')),
      enableRefresh: true,
      ...refreshSettings(view.options),
    },
  }
  return await create(work, analysis, table, view)
}

type View = {
  table: Omit<NewObject<Table>, 'type'>
  options: Awaited<ReturnType<typeof readOptions>>
  prepared: Awaited<ReturnType<typeof prepareQuery>>
}

async function viewOfStatement(
  work: WriteWork,
  analysis: Analysis,
  knownOptions: string[],
): Promise<View> {
  const { statement } = analysis
  if (isTemporary(statement)) throw notSupported('CREATE TEMP VIEW')
  refuseTemporaryFunctions(work, statement.text('sql'))
  if (statement.flag('isValueTable')) throw notSupported('a view of SELECT AS STRUCT')
  statement.ignore('recursive', 'sqlSecurity', 'hasExplicitColumns')
  // Preparing proves that the view can be read, before anybody relies on it.
  const prepared = await prepareQuery(work, analysis, { estimate: false })
  const options = await readOptions(work, statement, knownOptions)
  const tableReference = targetTable(work, statement.texts('namePath'))
  return {
    table: {
      tableReference,
      location: work.catalog.dataset(tableReference)?.location ?? work.catalog.location,
      schema: { fields: await viewFields(work, statement, prepared.fields) },
      ...tableSettings(options),
    },
    options,
    prepared,
  }
}

/** A view outlives the functions of its script. */
function refuseTemporaryFunctions({ session }: WriteWork, sql: string): void {
  const calls = new Set(
    [...sql.matchAll(/(\w+)`?\s*\(/g)].map(([, name = '']) => name.toLowerCase()),
  )
  if (![...session.temporaryFunctions.keys()].some((name) => calls.has(name))) return
  throw new BigQueryError(
    'invalidQuery',
    'Creating views with temporary user-defined functions is not supported',
    { location: 'query' },
  )
}

/** The columns of the query, under the names and with the descriptions that the statement gives them. */
async function viewFields(
  work: WriteWork,
  statement: ResolvedNode,
  queried: Field[],
): Promise<Field[]> {
  const defined = await columnFields(work, statement)
  if (defined.length === 0) return queried
  return queried.map((field, index) => {
    const { name, description } = defined[index] ?? field
    return { ...field, name, ...(description !== undefined && { description }) }
  })
}

async function create(
  work: WriteWork,
  { statement }: Analysis,
  table: NewObject<Table>,
  { prepared }: View,
): Promise<Outcome> {
  const mode = createModeOf(statement)
  statement.ignore('query', 'outputColumnList', 'columnDefinitionList')
  statement.assertRead()
  const ddlOperationPerformed = await createTable(work.change, table, mode)
  return {
    statementType: `CREATE_${table.type}`,
    ddlOperationPerformed,
    ddlTargetTable: table.tableReference,
    schema: table.schema.fields,
    totalBytesProcessed: 0n,
    referencedTables: prepared.referencedTables,
  }
}
