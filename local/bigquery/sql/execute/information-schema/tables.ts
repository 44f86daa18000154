import { notSupported } from '../../../bigquery-error.ts'
import type { CatalogView } from '../../../catalog/catalog-view.ts'
import type { Table, TableReference } from '../../../catalog/resources.ts'
import { identifier } from '../../../database/names.ts'
import { typeOfField } from '../../analyzer/field-type.ts'
import { duckType } from '../../printer/duck-sql.ts'
import { valueLiteral } from '../literal.ts'
import type { Work } from '../work.ts'
import { columnFieldPaths, columns } from './columns.ts'
import { jobs } from './jobs.ts'
import { metaTables } from './meta-tables.ts'
import { partitions } from './partitions.ts'
import { routines } from './routines.ts'
import { schemata } from './schemata.ts'
import { tableOptions } from './table-options.ts'
import { tables, views } from './table-list.ts'
import type { InformationTable, Scope } from './information-table.ts'

const known: Record<string, InformationTable | undefined> = {
  SCHEMATA: schemata,
  TABLES: tables,
  COLUMNS: columns,
  COLUMN_FIELD_PATHS: columnFieldPaths,
  TABLE_OPTIONS: tableOptions,
  PARTITIONS: partitions,
  VIEWS: views,
  ROUTINES: routines,
  JOBS: jobs,
  JOBS_BY_PROJECT: jobs,
  JOBS_BY_USER: jobs,
  __TABLES__: metaTables,
}

/** What one would look for, and BigQuery does not have either. */
const missing = new Set(['ROW_ACCESS_POLICIES'])

const prefix = 'INFORMATION_SCHEMA.'
const metaTableNames = ['__TABLES__', '__TABLES_SUMMARY__']

/** Also the tables about tables that are older than the information schema. */
export function isInformationSchema({ tableId }: TableReference): boolean {
  return tableId.toUpperCase().startsWith(prefix) || metaTableNames.includes(tableId.toUpperCase())
}

/** A view of the information schema as the analyser needs it; one that is not here is refused. */
export function informationSchemaTable(
  reference: TableReference,
  catalog: CatalogView,
): Table | undefined {
  if (!isInformationSchema(reference)) return undefined
  const table = known[nameOf(reference)]
  if (!scopeOf(reference, catalog) || missing.has(nameOf(reference))) return undefined
  if (!table) throw notSupported(reference.tableId)
  return {
    tableReference: reference,
    type: 'VIEW',
    location: catalog.location,
    schema: { fields: table.fields },
    creationTime: '0',
    lastModifiedTime: '0',
    etag: '',
  }
}

/** DuckDB's relation with the rows that the catalog has for it now. */
export async function informationSchemaRelation(
  work: Work,
  reference: TableReference,
): Promise<{ sql: string; refuseColumns(columns: string[]): void }> {
  const table = known[nameOf(reference)]
  const scope = scopeOf(reference, work.catalog)
  if (!table || !scope) throw notSupported(reference.tableId)
  const rows = await table.rows(work, scope)
  return {
    sql: relationOf(table, rows),
    refuseColumns(wanted) {
      const unknown = wanted.find((column) => {
        const key = column.toLowerCase()
        if (table.unknown?.includes(key)) return true
        return table.partlyKnown?.includes(key) && rows.some((row) => row[key] === undefined)
      })
      if (unknown !== undefined) throw notSupported(`${reference.tableId.toUpperCase()}.${unknown}`)
    },
  }
}

function nameOf({ tableId }: TableReference): string {
  const name = tableId.toUpperCase()
  return name.startsWith(prefix) ? name.slice(prefix.length) : name
}

/** One dataset, or all of the project where a region stands, or nothing, in the dataset's place. */
function scopeOf(
  { projectId, datasetId }: TableReference,
  catalog: CatalogView,
): Scope | undefined {
  if (datasetId === '' || /^region-/i.test(datasetId)) return { projectId }
  const isKnown = catalog.hasDataset({ projectId, datasetId })
  return isKnown ? { projectId, datasetId } : undefined
}

function relationOf(
  { fields }: InformationTable,
  rows: Awaited<ReturnType<InformationTable['rows']>>,
): string {
  const types = fields.map(typeOfField)
  const names = fields.map(({ name }) => identifier(name))
  if (rows.length === 0) {
    const nulls = types.map((type, index) => `CAST(NULL AS ${duckType(type)}) AS ${names[index]}`)
    return `(SELECT ${nulls.join(', ')} WHERE false)`
  }
  const values = rows.map((row) => {
    const cells = fields.map(({ name }, index) => {
      const type = types[index]
      return type ? valueLiteral(row[name] ?? null, type) : 'NULL'
    })
    return `(${cells.join(', ')})`
  })
  return `(SELECT * FROM (VALUES ${values.join(', ')}) rows(${names.join(', ')}))`
}
