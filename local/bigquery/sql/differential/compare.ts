import type { DuckDBConnection } from '@duckdb/node-api'
import { BigQueryError } from '../../bigquery-error.ts'
import type { Analyzer } from '../analyzer/analyzer.ts'
import type { Reference, ReferenceTable } from '../analyzer/reference.ts'
import { typeName } from '../analyzer/sql-type.ts'
import { identifier } from '../printer/duck-sql.ts'
import type { PrintContext } from '../printer/print.ts'
import { printQuery } from '../printer/query.ts'
import { engineError } from '../execute/engine-error.ts'
import { isReferenceFault } from './reference-faults.ts'
import { projectId, testCatalog } from '../test-catalog.ts'
import type { AwkwardRow } from './awkward-rows.ts'
import { canonicalDuckValue, canonicalReferenceValue } from './canonical-value.ts'

export type Comparison =
  | { outcome: 'same' }
  /** The query fails in both engines. */
  | { outcome: 'failing' }
  /** The reference lacks the function, or is known to be wrong. */
  | { outcome: 'unchecked' }
  | { outcome: 'refused'; because: string }
  | { outcome: 'different'; what: string }

export type Engines = { analyzer: Analyzer; reference: Reference; connection: DuckDBConnection }

const names = ['s', 'p', 'j', 't', 'd', 'n', 'f', 'i', 'u', 'b'] as const

/** The typed columns of the awkward rows, as the beginning of a query. */
export const typedRows = `WITH z AS (
  SELECT k, s, p, PARSE_JSON(j) AS j, CAST(t AS TIMESTAMP) AS t, CAST(d AS DATE) AS d,
    CAST(n AS NUMERIC) AS n, CAST(f AS FLOAT64) AS f, CAST(i AS INT64) AS i, CAST(u AS INT64) AS u,
    CAST(b AS BIGNUMERIC) AS b
  FROM \`shop-events.awkward.rows\`
)`

export function referenceTable(rows: AwkwardRow[]): ReferenceTable {
  return {
    name: 'shop-events.awkward.rows',
    columns: [
      { name: 'k', type: { kind: 'INT64' } },
      ...names.map((name) => ({ name, type: { kind: 'STRING' as const } })),
    ],
    rows: rows.map((row, k) => [
      { int64Value: String(k) },
      ...names.map((name) => (row[name] === null ? {} : { stringValue: row[name] })),
    ]),
  }
}

export async function storeRows(connection: DuckDBConnection, rows: AwkwardRow[]): Promise<void> {
  const columns = names.map((name) => `${identifier(name)} VARCHAR`)
  await connection.run(`CREATE TABLE awkward (k BIGINT, ${columns.join(', ')})`)
  const appender = await connection.createAppender('awkward')
  rows.forEach((row, k) => {
    appender.appendBigInt(BigInt(k))
    for (const name of names) {
      const value = row[name]
      if (value === null) appender.appendNull()
      else appender.appendVarchar(value)
    }
    appender.endRow()
  })
  appender.closeSync()
}

const context: PrintContext = {
  relation: () => 'awkward',
  variable: () => 'NULL',
  parameter: () => 'NULL',
  systemVariable: () => 'NULL',
  currentTimestamp: 'now()',
  sessionUser: "'nobody'",
}

const catalog = testCatalog({
  'awkward.rows': [
    { name: 'k', type: 'INTEGER' },
    ...names.map((name) => ({ name, type: 'STRING' as const })),
  ],
})

export type CompareOptions = {
  /** The same query in words that the reference knows. */
  referenceSql?: string
  /** The query does not say in which order its rows come. */
  isUnordered?: boolean
}

/** Runs a query through both engines and compares types and values, or that both refuse it. */
export async function compare(
  sql: string,
  { analyzer, reference, connection }: Engines,
  table: ReferenceTable,
  { referenceSql = sql, isUnordered = false }: CompareOptions = {},
): Promise<Comparison> {
  const expected = await attempt(() => reference.evaluate(referenceSql, [table]))
  const actual = await attempt(async () => {
    const { statement } = await analyzer.analyze({ sql, catalog, projectId })
    const printed = printQuery(statement, context)
    const reader = await connection.runAndReadAll(printed.sql).catch((error: unknown) => {
      throw engineError(error)
    })
    return { columns: printed.columns, rows: reader.getRows() }
  })
  if ('error' in actual) {
    if (actual.error instanceof BigQueryError && actual.error.reason === 'notImplemented') {
      return { outcome: 'refused', because: actual.error.message }
    }
    if ('error' in expected) return { outcome: 'failing' }
    return { outcome: 'different', what: `local error: ${actual.error.message.split('\n')[0]}` }
  }
  if ('error' in expected) {
    const { message } = expected.error
    if (/unsupported|^Unimplemented feature/i.test(message) || isReferenceFault(sql, message)) {
      return { outcome: 'unchecked' }
    }
    return { outcome: 'different', what: `no local error, but: ${expected.error.message}` }
  }
  const types = (columns: typeof actual.value.columns) =>
    columns.map((c) => typeName(c.type)).join()
  if (types(actual.value.columns) !== types(expected.value.columns)) {
    return { outcome: 'different', what: 'the types of the columns' }
  }
  const columns = expected.value.columns
  const wanted = expected.value.rows.map((row) =>
    columns.map(({ type }, index) => canonicalReferenceValue(row[index], type)).join(', '),
  )
  const got = actual.value.rows.map((row) =>
    columns.map(({ type }, index) => canonicalDuckValue(row[index] ?? null, type)).join(', '),
  )
  if (wanted.length !== got.length) {
    return { outcome: 'different', what: `${got.length} rows instead of ${wanted.length}` }
  }
  if (isUnordered) for (const rows of [wanted, got]) rows.sort()
  const row = wanted.findIndex((values, index) => values !== got[index])
  if (row < 0) return { outcome: 'same' }
  return { outcome: 'different', what: `row ${row}: ${got[row]} instead of ${wanted[row]}` }
}

async function attempt<T>(run: () => Promise<T>): Promise<{ value: T } | { error: Error }> {
  try {
    return { value: await run() }
  } catch (error) {
    if (error instanceof Error) return { error }
    throw error
  }
}
