import type { NewObject } from './catalog-draft.ts'
import { tableKey } from './catalog-view.ts'
import type { Field, Table, TableReference } from './resources.ts'
import { holdsRows } from './tables.ts'

/**
 * Where the rows of a table are. A table that is replaced, emptied or dropped keeps its rows under
 * another name, which costs nothing; rows that a statement changes or removes go into a table beside.
 */
export type TableVersion = {
  reference: TableReference
  /** The name of DuckDB's table, in the schema of the dataset. */
  stored: string
  /** The commit from which on it has these columns. */
  since: number
  /** It had others before, which no query can ask for any more. */
  wasAltered?: true
  /** DuckDB's table of the rows that are gone, once there are any. */
  history?: string
  /** Of a version that is over: the commit that ended it, its time in milliseconds, and the table as it was. */
  ended?: { commit: number; time: number; table: Table }
}

export function versionKey({ reference, stored, ended }: TableVersion): string {
  return ended ? `${tableKey(reference)}@${stored}` : tableKey(reference)
}

/** Where the rows are after a table was written to the catalog; undefined where that is as before. */
export function nextVersion(
  version: TableVersion | undefined,
  { before, table, commit }: { before: Table | undefined; table: NewObject<Table>; commit: number },
): TableVersion | undefined {
  const { tableReference: reference, type, schema } = table
  if (!holdsRows(type)) return undefined
  if (!version || !before) {
    const place = { reference, stored: reference.tableId, since: commit }
    // A table that was made before is one that has a new name.
    return table.creationTime === undefined ? place : { ...place, wasAltered: true }
  }
  if (columnsOf(before.schema.fields) === columnsOf(schema.fields)) return undefined
  // What was kept so far has the old columns; the sweep removes it.
  const { history: _, ...rest } = version
  return version.since === commit ? rest : { ...rest, since: commit, wasAltered: true }
}

/** Whether two tables have the same columns, as far as rows and queries know. */
export function hasSameColumns(one: Table, other: Table): boolean {
  return columnsOf(one.schema.fields) === columnsOf(other.schema.fields)
}

function columnsOf(fields: Field[]): string {
  return JSON.stringify(
    fields.map(({ name, type, mode, fields: inner = [] }) => [
      name,
      type,
      mode === 'REPEATED',
      columnsOf(inner),
    ]),
  )
}
