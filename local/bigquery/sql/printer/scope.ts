import type { Column } from '../analyzer/resolved-node.ts'
import type { JsonPaths } from './json-paths.ts'
import type { PrintContext } from './print.ts'

/** What a printer of a part needs to know of the rest of its statement. */
export type Scope = {
  context: PrintContext
  /** Columns that are not simply called by their number: lambda parameters, columns of a DML target. */
  names: Map<string, string>
  /** The columns that a WITH query gives, by its name. */
  withQueries: Map<string, Column[]>
  /** The WITH query that is being defined, for its recursive part. */
  recursion: { name: string; columns: Column[] } | undefined
  /** The columns that come from outside of the innermost subquery. */
  correlated: ReadonlySet<string>
  counter: { value: number }
  /** Expressions that a scan has computed already, by their messages, and the columns that hold them. */
  computed?: ReadonlyMap<unknown, string>
  /** What is printed goes into TRY. */
  isTried?: boolean
  /** Of the innermost scan that reads JSON paths for its expressions. */
  jsonPaths?: JsonPaths
}

export function newScope(context: PrintContext): Scope {
  return {
    context,
    names: new Map(),
    withQueries: new Map(),
    recursion: undefined,
    correlated: new Set(),
    counter: { value: 0 },
  }
}

/** A name that nothing else in the statement has. */
export function fresh(scope: Scope, prefix = '_'): string {
  scope.counter.value += 1
  return `${prefix}${scope.counter.value}`
}

/** A value, or another where it is NULL. In TRY, DuckDB's own COALESCE may crash. */
export function orElse(value: string, otherwise: string, { isTried }: Scope): string {
  if (!isTried) return `coalesce(${value}, ${otherwise})`
  return `(CASE WHEN ${value} IS NOT NULL THEN ${value} ELSE ${otherwise} END)`
}

/** What a column is called where a scan defines it. */
export function columnName({ id }: Column): string {
  return `c${id}`
}

/** What a column is called where it is used. */
export function columnReference(column: Column, scope: Scope): string {
  return scope.names.get(column.id) ?? columnName(column)
}
