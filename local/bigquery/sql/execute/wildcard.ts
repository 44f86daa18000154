import { notSupported } from '../../bigquery-error.ts'
import type { CatalogView } from '../../catalog/catalog-view.ts'
import type { Table, TableReference } from '../../catalog/resources.ts'
import { refuseRowAccess } from '../../catalog/row-access.ts'
import { livingRows } from '../../database/expired-partitions.ts'

/** The tables that `prefix*` stands for, with the columns of the one that was made last. */
export function wildcardTable(reference: TableReference, catalog: CatalogView): Table | undefined {
  if (!reference.tableId.endsWith('*')) return undefined
  const [newest] = matching(reference, catalog).toSorted(
    (a, b) => Number(b.creationTime) - Number(a.creationTime),
  )
  return newest && { ...newest, tableReference: reference, clustering: { fields: [] } }
}

export function matching({ tableId, ...dataset }: TableReference, catalog: CatalogView): Table[] {
  const prefix = tableId.slice(0, -1)
  return catalog.tables(dataset).filter(({ type, tableReference }) => {
    return type === 'TABLE' && tableReference.tableId.startsWith(prefix)
  })
}

/** DuckDB's relation of a wildcard table: all its tables one after another, each with its suffix. */
export function wildcardRelation(reference: TableReference, catalog: CatalogView): string {
  const prefix = reference.tableId.slice(0, -1)
  const tables = matching(reference, catalog)
  const columns = new Set(tables.map(({ schema }) => JSON.stringify(typesOf(schema.fields))))
  if (columns.size > 1) throw notSupported(`wildcard tables whose columns differ (${prefix}*)`)
  const parts = tables.map((table) => {
    refuseRowAccess(table, 'a wildcard table with')
    const suffix = table.tableReference.tableId.slice(prefix.length).replaceAll("'", "''")
    return `SELECT *, '${suffix}' AS "_TABLE_SUFFIX" FROM ${livingRows(table, catalog.now())}`
  })
  return `(${parts.join(' UNION ALL ')})`
}

function typesOf(fields: Table['schema']['fields']): unknown[] {
  return fields.map(({ name, type, mode = 'NULLABLE', fields: members = [] }) => [
    name.toLowerCase(),
    type,
    mode === 'REPEATED',
    typesOf(members),
  ])
}
