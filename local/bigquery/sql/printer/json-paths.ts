import type { Column, ResolvedNode } from '../analyzer/resolved-node.ts'
import { textLiteral } from './duck-sql.ts'
import { type JsonStep, pathText } from './json-fields.ts'
import { addField, fieldOf, type JsonFields, readFields } from './json-shape.ts'
import { columnReference, fresh, type Scope } from './scope.ts'

/**
 * What the expressions of a scan read of JSON columns. DuckDB parses a value again for each call, so
 * all that is read of a column is read below the expressions, at once.
 */
export type JsonPaths = {
  inputs: ReadonlySet<string>
  columns: Map<string, JsonReads>
  names?: JsonNames
}

/** What is read of a column will be called so; else by a new name. */
type JsonNames = { struct: string; list: string }

/** Of one column: a struct of what may be NULL for JSON null, and a list of values as they are. */
type JsonReads = JsonNames & { sql: string; fields: JsonFields; paths: string[] }

export type JsonReading = {
  root: ResolvedNode
  /** The root in DuckDB's SQL. */
  sql: string
  steps: JsonStep[]
  /** Whoever asks makes NULL of JSON null. */
  isNullMissing?: boolean
}

export function newJsonPaths(inputs: Column[], names?: JsonNames): JsonPaths {
  return {
    inputs: new Set(inputs.map(({ id }) => id)),
    columns: new Map(),
    ...(names && { names }),
  }
}

/** The value at a path of a JSON value; reading it raises no error, so it may be read early. */
export function printJsonPath(reading: JsonReading, scope: Scope): string {
  const { sql, steps } = reading
  const path = pathText(steps)
  const reads = readsOf(reading, scope)
  if (!reads) return `json_extract(${sql}, ${textLiteral(path)})`
  if (reading.isNullMissing && addField(reads.fields, steps)) return fieldOf(reads.struct, steps)
  if (!reads.paths.includes(path)) reads.paths.push(path)
  return `${reads.list}[${reads.paths.indexOf(path) + 1}]`
}

/** The text of a scalar at a path, as JSON_VALUE gives it. */
export function printJsonScalar(reading: JsonReading, kind: 'json' | 'lax', scope: Scope): string {
  const { sql, steps } = reading
  const reads = scope.jsonPaths?.names ? undefined : readsOf(reading, scope)
  if (!reads || !addField(reads.fields, steps, 'VARCHAR')) {
    return `bq.${kind}_scalar(${printJsonPath({ ...reading, isNullMissing: true }, scope)})`
  }
  const again = `json_extract(${sql}, ${textLiteral(pathText(steps))})`
  return `bq.${kind}_text_scalar(${fieldOf(reads.struct, steps)}, ${again})`
}

/** The elements of an array in a JSON value as structs of these fields, if they can be read below. */
export function printItems(
  reading: JsonReading,
  items: JsonFields,
  scope: Scope,
): string | undefined {
  const reads = readsOf(reading, scope)
  if (!reads || !addField(reads.fields, reading.steps, { items })) return undefined
  return fieldOf(reads.struct, reading.steps)
}

function readsOf({ root, sql }: JsonReading, scope: Scope): JsonReads | undefined {
  const { jsonPaths } = scope
  if (!jsonPaths || root.kind !== 'ColumnRef') return undefined
  const column = root.column()
  if (!jsonPaths.inputs.has(column.id) || columnReference(column, scope) !== sql) return undefined
  const known = jsonPaths.columns.get(column.id)
  if (known) return known
  const names = jsonPaths.names ?? { struct: fresh(scope, '_j'), list: fresh(scope, '_j') }
  const reads = { sql, ...names, fields: new Map(), paths: [] }
  jsonPaths.columns.set(column.id, reads)
  return reads
}

/** The input of a scan with what its expressions asked for. */
export function withJsonPaths(input: string, { columns }: JsonPaths, scope: Scope): string {
  const items = [...columns.values()].flatMap(({ sql, struct, fields, list, paths }) => [
    ...(fields.size > 0 ? [`${readFields(sql, fields)} AS ${struct}`] : []),
    ...(paths.length > 0 ? [`${readPaths(sql, paths)} AS ${list}`] : []),
  ])
  return items.length === 0
    ? input
    : `(SELECT *, ${items.join(', ')} FROM ${input}) ${fresh(scope)}`
}

/** The values at several paths as a list. */
export function readPaths(sql: string, paths: string[]): string {
  return `json_extract(${sql}, [${paths.map(textLiteral).join(', ')}])`
}
