import { listValue, timestampTZValue, type DuckDBValue } from '@duckdb/node-api'
import { BigQueryError } from '../bigquery-error.ts'
import type { NewObject } from '../catalog/catalog-draft.ts'
import type { Field, ProjectDataset, Table } from '../catalog/resources.ts'
import { createRowDecoder } from '../database/decode-row.ts'
import { dateTimeText } from '../database/time-text.ts'
import { jsonColumnText } from './json-column.ts'
import type { SqlEngine, WireValue } from '../sql/sql-engine.ts'

/** Values of a column for rows that do not name it. */
export type ColumnDefaults = (
  field: Field,
  dataset: ProjectDataset,
  count: number,
) => Promise<DuckDBValue[]>

/** Evaluates DEFAULT expressions as SQL does, once for each row: `generate_uuid()` differs, a time does not. */
export function createColumnDefaults(
  engine: SqlEngine,
  { location, now = Date.now }: { location: string; now?: () => number },
): ColumnDefaults {
  return async (field, { projectId }, count) => {
    const { defaultValueExpression: expression, mode } = field
    if (expression === undefined) {
      return Array.from({ length: count }, () => (mode === 'REPEATED' ? listValue([]) : null))
    }
    if (field.type === 'TIMESTAMP' && isNow(expression)) {
      // The default of every landed row: spared the way through the engine.
      const time = timestampTZValue(BigInt(now()) * 1000n)
      return Array.from({ length: count }, () => time)
    }
    const { rows } = await engine.run({
      sql: `select ${expression} from unnest(generate_array(1, ${count}))`,
      projectId,
      jobId: 'column_default',
      location,
    })
    const decode = createRowDecoder([{ ...field, name: 'value' }], {
      canonicalJson: jsonColumnText,
    })
    return (rows?.read(0, count) ?? []).map(({ f }) => {
      const row = decode({ value: jsonOf(field, f[0]?.v ?? null) })
      if (!row.errors) return row.values[0] ?? null
      throw new Error(`the default of column ${field.name}: ${row.errors[0]?.message}`)
    })
  }
}

/** Refuses a default that is no expression: it would fail each row that needs it. */
export async function checkDefaults(
  engine: SqlEngine,
  { schema, tableReference: { projectId }, location }: NewObject<Table>,
): Promise<void> {
  for (const { name, defaultValueExpression: expression } of schema.fields) {
    if (expression === undefined) continue
    try {
      const sql = `select ${expression}\n`
      await engine.run({ sql, projectId, jobId: 'column_default', location, dryRun: true })
    } catch (error) {
      if (!(error instanceof BigQueryError)) throw error
      const message = `Invalid default value expression for column ${name}: ${error.message}`
      throw new BigQueryError('invalid', message, { cause: error })
    }
  }
}

/** Values in the order of the columns; undefined where the row does not name the column. */
export type PartialRow = (DuckDBValue | undefined)[]

/** The rows with a value in every column. */
export async function fillDefaults(
  { schema: { fields }, tableReference }: Table,
  rows: PartialRow[],
  defaults: ColumnDefaults,
): Promise<DuckDBValue[][]> {
  for (const [column, field] of fields.entries()) {
    const lacking = rows.filter((row) => row[column] === undefined)
    if (lacking.length === 0) continue
    const values = await defaults(field, tableReference, lacking.length)
    for (const [index, row] of lacking.entries()) row[column] = values[index] ?? null
  }
  return rows as DuckDBValue[][]
}

function isNow(expression: string): boolean {
  return /^\s*current_timestamp\s*(\(\s*\))?\s*$/i.test(expression)
}

/** A value of a result in the form in which rows hold it. */
function jsonOf(field: Field, value: WireValue): unknown {
  if (value === null) return null
  if (Array.isArray(value)) return value.map(({ v }) => jsonOf(field, v))
  if (typeof value === 'object') {
    const { fields = [] } = field
    return Object.fromEntries(
      fields.map((member, index) => [member.name, jsonOf(member, value.f[index]?.v ?? null)]),
    )
  }
  return field.type === 'TIMESTAMP' ? `${dateTimeText(BigInt(value))}Z` : value
}
