import type { DuckDBConnection } from '@duckdb/node-api'
import { BigQueryError } from '../bigquery-error.ts'
import { nameOf } from './not-found.ts'
import type { Field, Schema, Table } from './resources.ts'
import { columnType } from '../database/column-type.ts'
import { identifier, tableName } from '../database/names.ts'

/** What a schema may become: columns are added or relaxed; nothing else touches stored rows. */
export type SchemaChange = { added: { path: string[]; field: Field }[]; relaxed: string[][] }

/** Changes the columns of a stored table, or refuses in BigQuery's words. */
export async function changeSchema(
  connection: DuckDBConnection,
  table: Table,
  { fields }: Schema,
): Promise<void> {
  const { added, relaxed } = compareSchemas(table, fields)
  const name = tableName(table.tableReference)
  const arrays: string[] = []
  for (const { path, field } of added) {
    const column = path.map(identifier).join('.')
    await connection.run(`ALTER TABLE ${name} ADD COLUMN ${column} ${columnType(field)}`)
    if (path.length > 1 || field.mode !== 'REPEATED') continue
    // In one step with ADD COLUMN, DuckDB refuses a second ALTER in the same transaction.
    await connection.run(`ALTER TABLE ${name} ALTER COLUMN ${column} SET DEFAULT []`)
    arrays.push(`${column} = []`)
  }
  for (const path of relaxed.filter(({ length }) => length === 1)) {
    const column = path.map(identifier).join('.')
    await connection.run(`ALTER TABLE ${name} ALTER COLUMN ${column} DROP NOT NULL`)
  }
  // The rows that are there have an empty array in a new repeated column, never NULL.
  if (arrays.length > 0) await connection.run(`UPDATE ${name} SET ${arrays.join(', ')}`)
}

export function compareSchemas(table: Table, after: Field[]): SchemaChange {
  const added: SchemaChange['added'] = []
  const relaxed: string[][] = []

  function mismatch(what: string): BigQueryError {
    const name = nameOf(table.tableReference)
    return new BigQueryError('invalid', `Provided Schema does not match Table ${name}. ${what}`)
  }

  function compare(before: Field[], now: Field[], path: string[]): void {
    const left = new Map(before.map((field) => [field.name.toLowerCase(), field]))
    for (const field of now) {
      const old = left.get(field.name.toLowerCase())
      left.delete(field.name.toLowerCase())
      const here = [...path, field.name]
      if (!old) add(field, here)
      else compareField(old, field, here)
    }
    const [missing] = left.values()
    if (missing) {
      throw mismatch(`Field ${[...path, missing.name].join('.')} is missing in new schema`)
    }
  }

  function add(field: Field, path: string[]): void {
    if (field.mode === 'REQUIRED') {
      throw mismatch(`Cannot add required fields to an existing schema. (field: ${path.join('.')})`)
    }
    added.push({ path, field })
  }

  function compareField(before: Field, now: Field, path: string[]): void {
    const name = path.join('.')
    if (before.type !== now.type) {
      throw mismatch(`Field ${name} has changed type from ${before.type} to ${now.type}`)
    }
    if (isNarrower(before, now)) {
      throw mismatch(`Field ${name} has changed type from ${typeText(before)} to ${typeText(now)}`)
    }
    const [oldMode = 'NULLABLE', newMode = 'NULLABLE'] = [before.mode, now.mode]
    if (oldMode === 'REQUIRED' && newMode === 'NULLABLE') relaxed.push(path)
    else if (oldMode !== newMode) {
      throw mismatch(`Field ${name} has changed mode from ${oldMode} to ${newMode}`)
    }
    // Inside an array DuckDB addresses the struct of an item by this name.
    const inside = before.mode === 'REPEATED' ? [...path, 'element'] : path
    compare(before.fields ?? [], now.fields ?? [], inside)
  }

  compare(table.schema.fields, after, [])
  return { added, relaxed }
}

/** Whether a value that fitted may not fit any more; a type without a length or precision holds all. */
function isNarrower(before: Field, now: Field): boolean {
  if (now.maxLength !== undefined) {
    return Number(before.maxLength ?? Infinity) > Number(now.maxLength)
  }
  if (now.precision === undefined) return false
  const [had, has] = [before, now].map(({ precision = Infinity, scale = 0 }) => ({
    whole: Number(precision) - Number(scale),
    scale: Number(precision) === Infinity ? Infinity : Number(scale),
  }))
  return had !== undefined && has !== undefined && (had.whole > has.whole || had.scale > has.scale)
}

function typeText({ type, maxLength, precision, scale }: Field): string {
  const parameters = [maxLength ?? precision, scale].filter((value) => value !== undefined)
  return parameters.length === 0 ? type : `${type}(${parameters.join(', ')})`
}
