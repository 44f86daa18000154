import { BigQueryError } from '../bigquery-error.ts'
import type { Catalog } from '../catalog/catalog.ts'
import { existing } from '../catalog/find-table.ts'
import { nameOf } from '../catalog/not-found.ts'
import type { RowAccessPolicy, TableReference } from '../catalog/resources.ts'
import { isObject } from '../is-object.ts'
import { requiredText } from '../jobs/references.ts'
import { newJobId } from '../jobs/submit-job.ts'
import type { SqlEngine } from '../sql/sql-engine.ts'
import type { Route } from './api.ts'
import { readJson } from './body.ts'
import { pageOfList } from './paging.ts'
import { referenceOf } from './tables.ts'

/** `rowAccessPolicies.list`, `get`, `insert`, `update`, `delete` and `batchDelete`. */
export function rowAccessRoutes(catalog: Catalog, engine: SqlEngine): Route[] {
  const table = '/projects/:project/datasets/:dataset/tables/:table'
  const all = `${table}/rowAccessPolicies`
  const one = `${all}/:policy`
  const run = async (sql: string, { projectId }: TableReference): Promise<void> => {
    const { location } = catalog.current
    await engine.run({ sql, projectId, jobId: newJobId(), location })
  }
  const put = async (
    reference: TableReference,
    policyId: string,
    body: Record<string, unknown>,
    how: 'CREATE' | 'CREATE OR REPLACE',
  ) => {
    existing(catalog.current, reference)
    await run(createStatement(reference, policyId, body, how), reference)
    return { body: resource(reference, find(catalog, reference, policyId)) }
  }
  return [
    {
      method: 'GET',
      pattern: all,
      handler(request) {
        const reference = referenceOf(request)
        const { rowAccessPolicies = [] } = existing(catalog.current, reference)
        const { items, nextPageToken } = pageOfList(rowAccessPolicies, request.query)
        const listed = items.map((policy) => resource(reference, policy))
        return {
          body: {
            ...(listed.length > 0 && { rowAccessPolicies: listed }),
            ...(nextPageToken && { nextPageToken }),
          },
        }
      },
    },
    {
      method: 'GET',
      pattern: one,
      handler(request) {
        const reference = referenceOf(request)
        return { body: resource(reference, find(catalog, reference, request.params.policy)) }
      },
    },
    {
      method: 'POST',
      pattern: all,
      async handler(request) {
        const body = await readJson(request)
        const given = isObject(body.rowAccessPolicyReference) ? body.rowAccessPolicyReference : {}
        const policyId = requiredText(given.policyId, 'policyId')
        return await put(referenceOf(request), policyId, body, 'CREATE')
      },
    },
    {
      method: 'PUT',
      pattern: one,
      async handler(request) {
        const reference = referenceOf(request)
        const { policyId } = find(catalog, reference, request.params.policy)
        return await put(reference, policyId, await readJson(request), 'CREATE OR REPLACE')
      },
    },
    {
      method: 'DELETE',
      pattern: one,
      async handler(request) {
        const reference = referenceOf(request)
        const { policyId } = find(catalog, reference, request.params.policy)
        const isForced = request.query.get('force') === 'true'
        await drop(catalog, reference, [policyId], isForced)
        return { status: 204 }
      },
    },
    {
      method: 'POST',
      pattern: `${all}:batchDelete`,
      async handler(request) {
        const { policyIds, force } = await readJson(request)
        const names = Array.isArray(policyIds) ? policyIds.map(String) : []
        await drop(catalog, referenceOf(request), names, force === true)
        return { status: 204 }
      },
    },
  ]
}

async function drop(
  catalog: Catalog,
  reference: TableReference,
  policyIds: string[],
  isForced: boolean,
): Promise<void> {
  await catalog.write(async ({ catalog: draft }) => {
    const { rowAccessPolicies = [], ...table } = existing(draft, reference)
    for (const policyId of policyIds) {
      if (!rowAccessPolicies.some((policy) => policy.policyId === policyId)) {
        throw notFound(reference, policyId)
      }
    }
    const kept = rowAccessPolicies.filter(({ policyId }) => !policyIds.includes(policyId))
    if (kept.length === 0 && !isForced) {
      const message = `The last row access policies of ${nameOf(reference)} are deleted by force only.`
      throw new BigQueryError('invalid', message)
    }
    draft.putTable(kept.length === 0 ? table : { ...table, rowAccessPolicies: kept })
  })
}

function find({ current }: Catalog, reference: TableReference, policyId = ''): RowAccessPolicy {
  const { rowAccessPolicies = [] } = existing(current, reference)
  const policy = rowAccessPolicies.find((other) => other.policyId === policyId)
  if (policy) return policy
  throw notFound(reference, policyId)
}

function notFound(reference: TableReference, policyId: string): BigQueryError {
  const name = `${nameOf(reference)}.${policyId}`
  return new BigQueryError('notFound', `Not found: Row access policy ${name}`)
}

function createStatement(
  { projectId, datasetId, tableId }: TableReference,
  policyId: string,
  { filterPredicate, grantees }: Record<string, unknown>,
  how: string,
): string {
  if (!/^\w+$/.test(policyId)) {
    const message = `Invalid row access policy ID "${policyId}": letters, digits and underscores are allowed.`
    throw new BigQueryError('invalid', message)
  }
  const predicate = requiredText(filterPredicate, 'filterPredicate')
  const names = Array.isArray(grantees) ? grantees.map((name) => JSON.stringify(String(name))) : []
  const grant = names.length === 0 ? '' : `GRANT TO (${names.join(', ')}) `
  return (
    `${how} ROW ACCESS POLICY \`${policyId}\` ON \`${projectId}.${datasetId}.${tableId}\` ` +
    `${grant}FILTER USING (${predicate}\n)`
  )
}

/** Who is granted a policy is kept apart, as its IAM policy. */
function resource(
  reference: TableReference,
  { policyId, filterPredicate, creationTime, lastModifiedTime }: RowAccessPolicy,
): Record<string, unknown> {
  return {
    etag: Buffer.from(`${policyId}/${lastModifiedTime}`).toString('base64url'),
    rowAccessPolicyReference: { ...reference, policyId },
    filterPredicate,
    creationTime,
    lastModifiedTime,
  }
}
