import { BigQueryError, notSupported } from '../bigquery-error.ts'
import { columnDefinitions } from '../database/column-type.ts'
import { tableName } from '../database/names.ts'
import type { Change } from './catalog.ts'
import { retireTable } from './table-history.ts'
import type { NewObject } from './catalog-draft.ts'
import type { CreateMode } from './datasets.ts'
import { alreadyExists, nameOf, notFound } from './not-found.ts'
import type { Table, TableReference, TableType } from './resources.ts'
import { refuseRowAccess } from './row-access.ts'
import { withDatasetDefaults } from './table-defaults.ts'
import { checkTable } from './check-table.ts'

/** Tables of the other types are texts, which queries expand. */
export function holdsRows(type: TableType): boolean {
  return type !== 'VIEW' && type !== 'MATERIALIZED_VIEW'
}

/** Creates an empty table, or a view. */
export async function createTable(
  change: Change,
  given: NewObject<Table>,
  mode: CreateMode = 'create',
): Promise<'CREATE' | 'REPLACE' | 'SKIP'> {
  const { connection, catalog } = change
  const { tableReference, type } = given
  const { projectId, datasetId } = tableReference
  const dataset = catalog.dataset({ projectId, datasetId })
  if (!dataset) throw notFound({ projectId, datasetId })

  const existing = catalog.table(tableReference)
  if (existing && mode === 'ifNotExists') return 'SKIP'
  if (existing && mode === 'create') throw alreadyExists(tableReference)
  if (existing) {
    requireType(existing, [type])
    refuseRowAccess(existing, 'the replacement of')
    await dropTable(change, tableReference)
  }
  refuseOtherCase(change, tableReference)

  requireTableId(tableReference.tableId)
  const table = withDatasetDefaults(given, dataset, catalog.now())
  checkTable(table)
  if (holdsRows(type)) {
    const columns = columnDefinitions(table)
    await connection.run(`CREATE TABLE ${tableName(tableReference)} (${columns})`)
  }
  catalog.putTable(table)
  return existing ? 'REPLACE' : 'CREATE'
}

export async function dropTable(
  change: Change,
  reference: TableReference,
  { ifExists = false } = {},
): Promise<'DROP' | 'SKIP'> {
  const { catalog } = change
  const table = catalog.table(reference)
  if (!table) {
    if (ifExists) return 'SKIP'
    throw notFound(reference)
  }
  if (holdsRows(table.type)) await retireTable(change, table)
  catalog.removeTable(reference)
  return 'DROP'
}

function requireTableId(id: string): void {
  if (/^[\p{L}\p{M}\p{N}\p{Pc}\p{Pd}\p{Zs}]{1,1024}$/u.test(id)) return
  throw new BigQueryError(
    'invalid',
    `Invalid table ID "${id}". Table IDs must be alphanumeric (plus underscores) and must be at most ` +
      '1024 characters long. Also, Table decorators cannot be used.',
  )
}

/** Refuses a statement about a table of another type: DROP VIEW of a table. */
export function requireType({ tableReference, type }: Table, allowed: TableType[]): void {
  if (allowed.includes(type)) return
  const kind = type.replace('_', ' ')
  throw new BigQueryError(
    'invalidQuery',
    `${nameOf(tableReference)} is not allowed for this operation because it is currently a ${kind}.`,
  )
}

/** BigQuery's names of tables tell upper from lower case, DuckDB's do not. */
function refuseOtherCase({ catalog }: Change, { tableId, ...dataset }: TableReference): void {
  const clash = catalog
    .tables(dataset)
    .find(({ tableReference }) => tableReference.tableId.toLowerCase() === tableId.toLowerCase())
  if (!clash) return
  throw notSupported(
    `tables whose names differ only in case (${clash.tableReference.tableId}, ${tableId})`,
  )
}
