import type { Catalog } from '../catalog/catalog.ts'
import { existing } from '../catalog/find-table.ts'
import type { TableReference } from '../catalog/resources.ts'
import { notSupported } from '../bigquery-error.ts'
import { newJobId } from '../jobs/submit-job.ts'
import type { SqlEngine } from '../sql/sql-engine.ts'
import { isObject } from '../is-object.ts'
import { requiredText } from '../jobs/references.ts'
import { merged } from './merge.ts'
import { changeableOf } from './table-body.ts'

/** Creates a view as the SQL statement does, so that its query is checked and its columns are known. */
export async function createViewByQuery(
  catalog: Catalog,
  engine: SqlEngine,
  reference: TableReference,
  body: Record<string, unknown>,
): Promise<void> {
  await runCreate(catalog, engine, reference, body, 'create')
  const rest = changeableOf(body)
  if (Object.keys(rest).length === 0) return
  await catalog.write(async ({ catalog: draft }) => {
    const view = draft.table(reference)
    if (view) draft.putTable({ ...view, ...rest })
  })
}

/** Gives a view another query, and what else the request says; the rest of it stays. */
export async function changeViewByQuery(
  catalog: Catalog,
  engine: SqlEngine,
  reference: TableReference,
  body: Record<string, unknown>,
): Promise<void> {
  const before = existing(catalog.current, reference)
  if (before.type !== 'VIEW' || !isObject(body.view)) {
    throw notSupported('a change of a materialized view by tables.patch; use CREATE OR REPLACE')
  }
  const given = { ...before.view, ...body.view }
  await runCreate(catalog, engine, reference, { view: given }, 'create or replace')
  await catalog.write(async ({ catalog: draft }) => {
    const { schema, view } = existing(draft, reference)
    const { creationTime } = before
    const changed = merged(before, changeableOf(body))
    draft.putTable({ ...changed, schema, ...(view && { view }), creationTime })
  })
}

async function runCreate(
  catalog: Catalog,
  engine: SqlEngine,
  { projectId, datasetId, tableId }: TableReference,
  body: Record<string, unknown>,
  how: 'create' | 'create or replace',
): Promise<void> {
  const isMaterialized = isObject(body.materializedView)
  const given = isMaterialized ? body.materializedView : body.view
  const { query, useLegacySql = !isMaterialized } = isObject(given) ? given : {}
  if (useLegacySql !== false) throw notSupported('views in legacy SQL (set useLegacySql to false)')

  const what = isMaterialized ? 'materialized view' : 'view'
  await engine.run({
    sql: `${how} ${what} \`${projectId}.${datasetId}.${tableId}\` as ${requiredText(query, 'query')}`,
    projectId,
    jobId: newJobId(),
    location: catalog.current.location,
  })
}
