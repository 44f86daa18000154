import { notSupported } from '../../bigquery-error.ts'
import type { CatalogView } from '../../catalog/catalog-view.ts'
import type { Field, Table, TableReference } from '../../catalog/resources.ts'
import { refuseRowAccess } from '../../catalog/row-access.ts'
import { columnType, ingestionTime } from '../../database/column-type.ts'
import { livingRows } from '../../database/expired-partitions.ts'
import { identifier, literal } from '../../database/names.ts'
import type { TableRead } from '../printer/print.ts'

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

/**
 * DuckDB's relation of a wildcard table: all its tables one after another, each with its suffix. A
 * column that the newest table lacks is not there; one that an older table lacks is NULL in its rows.
 */
export function wildcardRelation(
  { schema, tableReference: reference }: Table,
  { columns }: TableRead,
  catalog: CatalogView,
): string {
  const prefix = reference.tableId.slice(0, -1)
  const read = new Set(columns.map((name) => name.toLowerCase()))
  const fields = schema.fields.filter(({ name }) => read.has(name.toLowerCase()))
  const pseudo = read.has(ingestionTime.toLowerCase()) ? [identifier(ingestionTime)] : []
  const parts = matching(reference, catalog).map((table) => {
    refuseRowAccess(table, 'a wildcard table with')
    const values = fields.map(
      (field) => `${valueIn(table, field, prefix)} AS ${identifier(field.name)}`,
    )
    const suffix = literal(table.tableReference.tableId.slice(prefix.length))
    const list = [...values, ...pseudo, `${suffix} AS "_TABLE_SUFFIX"`].join(', ')
    return `SELECT ${list} FROM ${livingRows(table, catalog.now())}`
  })
  return `(${parts.join(' UNION ALL ')})`
}

function valueIn({ schema }: Table, field: Field, prefix: string): string {
  const own = schema.fields.find(({ name }) => name.toLowerCase() === field.name.toLowerCase())
  if (!own) return `CAST(${field.mode === 'REPEATED' ? '[]' : 'NULL'} AS ${columnType(field)})`
  if (JSON.stringify(typesOf([own])) === JSON.stringify(typesOf([field])))
    return identifier(own.name)
  throw notSupported(`wildcard tables whose column ${field.name} has different types (${prefix}*)`)
}

function typesOf(fields: Table['schema']['fields']): unknown[] {
  return fields.map(({ name, type, mode = 'NULLABLE', fields: members = [] }) => [
    name.toLowerCase(),
    type,
    mode === 'REPEATED',
    typesOf(members),
  ])
}
