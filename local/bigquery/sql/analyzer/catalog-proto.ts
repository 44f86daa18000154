import type { Field, Table } from '../../catalog/resources.ts'
import { typeOfField } from './field-type.ts'
import { type ScalarKind, type SqlType, typeToProto } from './sql-type.ts'

/** A table under the path by which the statement calls it. */
export type NamedTable = { path: readonly string[]; table: Table }

/** A function under one of its spellings; `isTable`: one that stands in FROM. */
export type NamedFunction = { path: readonly string[]; proto: object; isTable: boolean }

type CatalogProto = {
  name: string
  table: object[]
  customFunction: object[]
  customTvf: object[]
  catalog: CatalogProto[]
}

/** What one statement names. */
export type CatalogNames = {
  tables: NamedTable[]
  variables: ReadonlyMap<string, SqlType>
  functions: NamedFunction[]
}

/** GoogleSQL's catalog of just what one statement names, so that its size does not matter. */
export function namedCatalog({ tables, variables, functions }: CatalogNames): object {
  const root = emptyCatalog('bigquery')
  tables.forEach(({ path, table }, index) => {
    const name = path.at(-1) ?? ''
    parentOf(path, root).table.push(tableProto(name, String(index + 1), table))
  })
  for (const { path, proto, isTable } of functions) {
    const parent = parentOf(path, root)
    if (isTable) parent.customTvf.push(proto)
    else parent.customFunction.push(proto)
  }
  return {
    ...root,
    constant: [...variables].map(([name, type]) => ({
      namePath: [name],
      type: typeToProto(type),
    })),
  }
}

function emptyCatalog(name: string): CatalogProto {
  return { name, table: [], customFunction: [], customTvf: [], catalog: [] }
}

function parentOf(path: readonly string[], root: CatalogProto): CatalogProto {
  return path.slice(0, -1).reduce(subcatalog, root)
}

function subcatalog(parent: CatalogProto, name: string): CatalogProto {
  const known = parent.catalog.find((catalog) => catalog.name === name)
  if (known) return known
  const created = emptyCatalog(name)
  parent.catalog.push(created)
  return created
}

function tableProto(name: string, serializationId: string, table: Table): object {
  const { projectId, datasetId, tableId } = table.tableReference
  return {
    name,
    serializationId,
    fullName: `${projectId}.${datasetId}.${tableId}`,
    column: [
      ...table.schema.fields.map((field) => columnProto(field)),
      ...pseudoColumns(table).map((column) => ({
        name: column.name,
        type: typeToProto({ kind: column.kind }),
        isPseudoColumn: true,
      })),
    ],
  }
}

function columnProto(field: Field): object {
  return {
    name: field.name,
    type: typeToProto(typeOfField(field)),
    ...(field.defaultValueExpression && { hasDefaultValue: true }),
  }
}

/** Columns that a query may name but that `*` does not contain. */
function pseudoColumns(table: Table): { name: string; kind: ScalarKind }[] {
  const columns: { name: string; kind: ScalarKind }[] = []
  const { timePartitioning: partitioning, tableReference } = table
  if (partitioning && !partitioning.field) {
    columns.push({ name: '_PARTITIONTIME', kind: 'TIMESTAMP' })
    if (partitioning.type === 'DAY') columns.push({ name: '_PARTITIONDATE', kind: 'DATE' })
  }
  if (tableReference.tableId.endsWith('*')) columns.push({ name: '_TABLE_SUFFIX', kind: 'STRING' })
  return columns
}
