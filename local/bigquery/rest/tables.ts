import { BigQueryError, notSupported } from '../bigquery-error.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { checkTable } from '../catalog/check-table.ts'
import type { CatalogView } from '../catalog/catalog-view.ts'
import { existing } from '../catalog/find-table.ts'
import { notFound } from '../catalog/not-found.ts'
import type { Table, TableReference } from '../catalog/resources.ts'
import { createTable, dropTable, holdsRows } from '../catalog/tables.ts'
import { changeSchema } from '../catalog/change-schema.ts'
import { jobOfAnonymousTable } from '../jobs/anonymous-table.ts'
import type { JobStore } from '../jobs/job-store.ts'
import { checkDefaults } from '../rows/column-defaults.ts'
import { changeViewByQuery, createViewByQuery } from './create-view.ts'
import type { SqlEngine } from '../sql/sql-engine.ts'
import { datasetReference, requireSame, tableReference } from '../jobs/references.ts'
import type { ApiReply, ApiRequest, Route } from './api.ts'
import { isObject } from '../is-object.ts'
import { readJson } from './body.ts'
import { requireMatch } from './etag.ts'
import { selectFields } from './selected-fields.ts'
import { merged } from './merge.ts'
import { pageOfList } from './paging.ts'
import { changeableOf, newTable } from './table-body.ts'
import { schemaOf } from '../catalog/parse-schema.ts'
import { listedTable, resultResource, tableResource } from './table-resource.ts'
import { createTableSizes, type TableSizes } from './table-size.ts'

/** `tables.list`, `get`, `insert`, `patch`, `update` and `delete`. */
export function tableRoutes(catalog: Catalog, engine: SqlEngine, jobs: JobStore): Route[] {
  const all = '/projects/:project/datasets/:dataset/tables'
  const one = `${all}/:table`
  const sizes = createTableSizes()
  return [
    { method: 'GET', pattern: all, handler: (request) => listTables(catalog.current, request) },
    {
      method: 'POST',
      pattern: all,
      async handler(request) {
        const body = await readJson(request)
        const reference = await insertTable(catalog, engine, request, body)
        return await answer(catalog, sizes, reference, request)
      },
    },
    {
      method: 'GET',
      pattern: one,
      handler(request) {
        const reference = referenceOf(request)
        const job = jobOfAnonymousTable(reference, jobs)
        if (job) return { body: resultResource(reference, job, request.origin) }
        refusePartition(reference)
        return answer(catalog, sizes, reference, request)
      },
    },
    {
      method: 'PATCH',
      pattern: one,
      handler: (request) => change(catalog, engine, sizes, request, 'patch'),
    },
    {
      method: 'PUT',
      pattern: one,
      handler: (request) => change(catalog, engine, sizes, request, 'update'),
    },
    {
      method: 'DELETE',
      pattern: one,
      async handler(request) {
        await catalog.write((open) => dropTable(open, referenceOf(request)))
        return { status: 204 }
      },
    },
  ]
}

function refusePartition({ tableId }: TableReference): void {
  if (tableId.includes('$')) throw notSupported('tables.get of a part of a table (table$id)')
}

async function insertTable(
  catalog: Catalog,
  engine: SqlEngine,
  { params: { project = '', dataset = '' } }: ApiRequest,
  body: Record<string, unknown>,
): Promise<TableReference> {
  const given = isObject(body.tableReference) ? body.tableReference : {}
  requireSame(given.projectId, project)
  requireSame(given.datasetId, dataset)
  const reference = tableReference({ datasetId: dataset, ...given }, project)
  if (isObject(body.view) || isObject(body.materializedView)) {
    await createViewByQuery(catalog, engine, reference, body)
    return reference
  }
  const location = catalog.current.dataset(reference)?.location ?? catalog.current.location
  const table = newTable(body, reference, location)
  await checkDefaults(engine, table)
  await catalog.write((open) => createTable(open, table))
  return reference
}

async function change(
  catalog: Catalog,
  engine: SqlEngine,
  sizes: TableSizes,
  request: ApiRequest,
  how: 'patch' | 'update',
): Promise<ApiReply> {
  const body = await readJson(request)
  const reference = referenceOf(request)
  if (isObject(body.view) || isObject(body.materializedView)) {
    requireMatch(request, existing(catalog.current, reference))
    await changeViewByQuery(catalog, engine, reference, body)
    return await answer(catalog, sizes, reference, request)
  }
  if (isObject(body.schema)) {
    await checkDefaults(engine, {
      ...existing(catalog.current, reference),
      schema: schemaOf(body.schema),
    })
  }
  await catalog.write(async (open) => {
    const before = existing(open.catalog, reference)
    requireMatch(request, before)
    const given = changeableOf(body)
    const after = how === 'patch' ? merged(before, given) : { ...fixedPart(before), ...given }
    refuseFixed(before, after)
    const schema = isObject(body.schema) ? schemaOf(body.schema) : before.schema
    checkTable({ ...after, schema })
    if (holdsRows(before.type)) await changeSchema(open.connection, before, schema)
    open.catalog.putTable({ ...after, schema, creationTime: before.creationTime })
  })
  return await answer(catalog, sizes, reference, request)
}

/** What no change can touch. */
function fixedPart(table: Table): Table {
  const { tableReference: reference, type, schema, location, timePartitioning } = table
  const { rangePartitioning, view, materializedView, snapshotDefinition, cloneDefinition } = table
  const { rowAccessPolicies, creationTime, lastModifiedTime, etag } = table
  return {
    tableReference: reference,
    type,
    schema,
    location,
    ...(timePartitioning && { timePartitioning }),
    ...(rangePartitioning && { rangePartitioning }),
    ...(view && { view }),
    ...(materializedView && { materializedView }),
    ...(snapshotDefinition && { snapshotDefinition }),
    ...(cloneDefinition && { cloneDefinition }),
    ...(rowAccessPolicies && { rowAccessPolicies }),
    creationTime,
    lastModifiedTime,
    etag,
  }
}

function refuseFixed(before: Table, after: Table): void {
  if (layoutOf(before) === layoutOf(after)) return
  throw new BigQueryError('invalid', 'Cannot change the partitioning of an existing table.')
}

function layoutOf({ timePartitioning, rangePartitioning }: Table): string {
  const { field, range } = rangePartitioning ?? {}
  const { start, end, interval } = range ?? {}
  return [timePartitioning?.type, timePartitioning?.field, field, start, end, interval].join()
}

async function answer(
  catalog: Catalog,
  sizes: TableSizes,
  reference: TableReference,
  { origin, query }: ApiRequest,
): Promise<ApiReply> {
  return await catalog.read(async ({ connection, catalog: view }) => {
    const table = existing(view, reference)
    const { fields } = selectFields(table.schema.fields, query.get('selectedFields'))
    const isBasic = query.get('view') === 'BASIC'
    const size = isBasic ? undefined : await sizes(connection, table, view.now())
    return { body: tableResource({ ...table, schema: { fields } }, size, origin) }
  })
}

function listTables(catalog: CatalogView, { params, query }: ApiRequest): ApiReply {
  const { project = '', dataset = '' } = params
  const reference = datasetReference({ datasetId: dataset }, project)
  if (!catalog.hasDataset(reference)) throw notFound(reference)
  const tables = catalog.tables(reference)
  const { items, nextPageToken } = pageOfList(tables, query)
  return {
    body: {
      kind: 'bigquery#tableList',
      etag: Buffer.from(String(catalog.version)).toString('base64url'),
      ...(nextPageToken && { nextPageToken }),
      ...(items.length > 0 && { tables: items.map(listedTable) }),
      totalItems: tables.length,
    },
  }
}

export function referenceOf({ params }: ApiRequest): TableReference {
  const { project = '', dataset = '', table = '' } = params
  return { projectId: project, datasetId: dataset, tableId: table }
}
