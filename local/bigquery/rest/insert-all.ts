import { BigQueryError } from '../bigquery-error.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { withoutDecorator } from '../catalog/partition-decorator.ts'
import type { TableReference } from '../catalog/resources.ts'
import { createTable } from '../catalog/tables.ts'
import { parseExactly } from '../jobs/exact-json.ts'
import { tableReference } from '../jobs/references.ts'
import type { SqlEngine } from '../sql/sql-engine.ts'
import type { ApiRequest, Route } from './api.ts'
import { isObject } from '../is-object.ts'
import { readText } from './body.ts'
import { createColumnDefaults } from '../rows/column-defaults.ts'
import { createInsertIds } from '../rows/insert-ids.ts'
import { createRowInserter, type InsertRequest } from '../rows/insert-rows.ts'
import { existing } from '../catalog/find-table.ts'
import { referenceOf } from './tables.ts'

/** `tabledata.insertAll`. */
export function insertAllRoutes(catalog: Catalog, engine: SqlEngine): Route[] {
  const defaults = createColumnDefaults(engine, { location: catalog.current.location })
  const insert = createRowInserter(catalog, createInsertIds(), defaults)
  return [
    {
      method: 'POST',
      pattern: '/projects/:project/datasets/:dataset/tables/:table/insertAll',
      async handler(request) {
        const body = await readBody(request)
        const named = withoutDecorator(referenceOf(request))
        const reference = await targetOf(catalog, named.reference, body.templateSuffix)
        const { partition } = named
        const rows = insertRequest(body)
        const errors = await insert(reference, { ...rows, ...(partition && { partition }) })
        return {
          body: {
            kind: 'bigquery#tableDataInsertAllResponse',
            ...(errors.length > 0 && { insertErrors: errors }),
          },
        }
      },
    },
  ]
}

/** Numbers that a double cannot hold keep their digits. */
async function readBody(request: ApiRequest): Promise<Record<string, unknown>> {
  const text = await readText(request)
  try {
    const body = parseExactly(text)
    if (isObject(body)) return body
  } catch (cause) {
    throw new BigQueryError('invalid', `Parse Error: ${(cause as Error).message}`, { cause })
  }
  throw new BigQueryError('invalid', 'Root element must be a message.')
}

/** As many as BigQuery takes at once. */
const maxRows = 50_000

function insertRequest(body: Record<string, unknown>): InsertRequest {
  const { rows, skipInvalidRows, ignoreUnknownValues } = body
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new BigQueryError('invalid', 'No rows present in the request.')
  }
  if (rows.length > maxRows) {
    throw new BigQueryError('invalid', `too many rows present in the request, limit: ${maxRows}`)
  }
  return {
    skipInvalidRows: skipInvalidRows === true,
    ignoreUnknownValues: ignoreUnknownValues === true,
    rows: rows.map((row: unknown) => {
      const { insertId, json } = isObject(row) ? row : {}
      return { insertId: typeof insertId === 'string' ? insertId : undefined, json: json ?? {} }
    }),
  }
}

/** With a suffix rows go to a table of their own, made in the form of the named one. */
async function targetOf(
  catalog: Catalog,
  reference: TableReference,
  suffix: unknown,
): Promise<TableReference> {
  const template = existing(catalog.current, reference)
  if (typeof suffix !== 'string' || suffix === '') return reference

  const named = { ...reference, tableId: `${reference.tableId}${suffix}` }
  const target = tableReference(named, reference.projectId)
  const { type, schema, location, timePartitioning, clustering } = template
  const table = {
    tableReference: target,
    type,
    schema,
    location,
    ...(timePartitioning && { timePartitioning }),
    ...(clustering && { clustering }),
  }
  await catalog.write((change) => createTable(change, table, 'ifNotExists'))
  return target
}
