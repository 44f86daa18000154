import type { Routine, TableReference } from '../../catalog/resources.ts'
import type { SqlType } from '../analyzer/sql-type.ts'

/** A reading of a table or view by a query. */
export type TableRead = {
  table: TableReference
  /** Names of the columns that are read, pseudo-columns (`_PARTITIONTIME`, `_TABLE_SUFFIX`) among them. */
  columns: string[]
  /** DuckDB's SQL of the time in FOR SYSTEM_TIME AS OF. */
  systemTime?: string
}

/** What a printed statement needs from outside the tree. */
export type PrintContext = {
  /** What stands in DuckDB's FROM for a table: its physical name, or a subquery in parentheses whose columns have GoogleSQL's names. */
  relation(read: TableRead): string
  /** DuckDB's expression for a variable of the script. */
  variable(name: string, type: SqlType): string
  parameter(parameter: { name: string } | { position: number }, type: SqlType): string
  /** `row_count`, `error.message`, `time_zone` … */
  systemVariable(path: string, type: SqlType): string
  /** A user's function that is not SQL, by its key. */
  routine?(key: string): Routine
  /** DuckDB's expression for CURRENT_TIMESTAMP; one value for the whole statement. */
  currentTimestamp: string
  /** DuckDB's expression for SESSION_USER. */
  sessionUser: string
  /** Of the table that a statement changes; absent where it changes none. */
  target?: DmlTarget
}

/** What the printer must know of a table to change its rows. */
export type DmlTarget = {
  /** What a column keeps of a value: an empty array for a NULL one. */
  storedValue(column: string, value: string): string
  /** DuckDB's expression for DEFAULT. */
  defaultValue(column: string): string
  /** Columns that an INSERT must fill though it does not name them, with their values. */
  unnamedColumns(named: string[]): { name: string; value: string }[]
}

export type PrintedColumn = { name: string; type: SqlType }

/** `sql` returns the columns in this order and in the physical types of `duckType`. */
export type PrintedQuery = { sql: string; columns: PrintedColumn[] }

/** Its columns are `changed`, the rowid, and `matches`, how many source rows want to change that row. */
export const changedRows = '_changed'

export type PrintedDml = {
  kind: 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE' | 'TRUNCATE'
  target: TableReference
  sql: string
  /**
   * A query of the rows (`rowid`) that the statement will change or remove, to be put into the
   * temporary table `changedRows` before it runs; absent where it only adds rows.
   */
  changed?: string
  /** Rows that `sql` and `changed` read: to be put into a temporary table of this name before them. */
  source?: { name: string; sql: string }
}
