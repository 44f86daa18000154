import type { Catalog } from '../catalog/catalog.ts'
import type { TableReference } from '../catalog/resources.ts'
import { notSupported } from '../bigquery-error.ts'
import { newJobId } from '../jobs/submit-job.ts'
import type { SqlEngine } from '../sql/sql-engine.ts'
import { isObject } from '../is-object.ts'
import { requiredText } from '../jobs/references.ts'
import { changeableOf } from './table-body.ts'

/** Creates a view as the SQL statement does, so that its query is checked and its columns are known. */
export async function createViewByQuery(
  catalog: Catalog,
  engine: SqlEngine,
  reference: TableReference,
  body: Record<string, unknown>,
): Promise<void> {
  const isMaterialized = isObject(body.materializedView)
  const given = isMaterialized ? body.materializedView : body.view
  const { query, useLegacySql = !isMaterialized } = isObject(given) ? given : {}
  if (useLegacySql !== false) throw notSupported('views in legacy SQL (set useLegacySql to false)')

  const { projectId, datasetId, tableId } = reference
  const what = isMaterialized ? 'materialized view' : 'view'
  await engine.run({
    sql: `create ${what} \`${projectId}.${datasetId}.${tableId}\` as ${requiredText(query, 'query')}`,
    projectId,
    jobId: newJobId(),
    location: catalog.current.location,
  })
  const rest = changeableOf(body)
  if (Object.keys(rest).length === 0) return
  await catalog.write(async ({ catalog: draft }) => {
    const view = draft.table(reference)
    if (view) draft.putTable({ ...view, ...rest })
  })
}
