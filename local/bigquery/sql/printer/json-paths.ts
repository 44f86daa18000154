import { textLiteral } from './duck-sql.ts'
import { columnReference, fresh, type Scope } from './scope.ts'
import type { Column, ResolvedNode } from '../analyzer/resolved-node.ts'

/**
 * The paths into JSON columns that the expressions of a scan ask for. DuckDB parses a value again
 * for each call, so all paths of a column are read by one call below the expressions.
 */
export type JsonPaths = {
  inputs: ReadonlySet<string>
  /** What the list of values at a column's paths is called. */
  listName: () => string
  columns: Map<string, { name: string; sql: string; paths: string[] }>
}

export function newJsonPaths(inputs: Column[], listName: () => string): JsonPaths {
  return { inputs: new Set(inputs.map(({ id }) => id)), listName, columns: new Map() }
}

/** The value at a path of a JSON value; reading it raises no error, so it may be read early. */
export function printJsonPath(root: ResolvedNode, sql: string, path: string, scope: Scope): string {
  const { jsonPaths } = scope
  const plain = `json_extract(${sql}, ${textLiteral(path)})`
  if (!jsonPaths || root.kind !== 'ColumnRef') return plain
  const column = root.column()
  if (!jsonPaths.inputs.has(column.id) || columnReference(column, scope) !== sql) return plain

  const known = jsonPaths.columns.get(column.id) ?? { name: jsonPaths.listName(), sql, paths: [] }
  jsonPaths.columns.set(column.id, known)
  if (!known.paths.includes(path)) known.paths.push(path)
  return `${known.name}[${known.paths.indexOf(path) + 1}]`
}

/** The input of a scan with what was asked of it by `printJsonPath`. */
export function withJsonPaths(input: string, { columns }: JsonPaths, scope: Scope): string {
  if (columns.size === 0) return input
  const lists = [...columns.values()].map(
    ({ name, sql, paths }) => `${readPaths(sql, paths)} AS ${name}`,
  )
  return `(SELECT *, ${lists.join(', ')} FROM ${input}) ${fresh(scope)}`
}

/** The values at several paths as a list, from one parse. */
export function readPaths(sql: string, paths: string[]): string {
  return `json_extract(${sql}, [${paths.map(textLiteral).join(', ')}])`
}
