import { notSupported } from '../bigquery-error.ts'
import type { NewObject } from './catalog-draft.ts'
import { nameOf } from './not-found.ts'
import type { RowAccessPolicy, Table } from './resources.ts'

/** Whoever calls without saying who: the endpoint asks for no credentials. */
export const localUser = 'local@localhost'

type Protected = Pick<NewObject<Table>, 'tableReference' | 'rowAccessPolicies'>

/**
 * The conditions of which a row must meet one to be seen by the caller; undefined where all rows
 * are. No conditions: no row is.
 */
export function rowFilters(
  { rowAccessPolicies = [] }: Protected,
  caller: string,
): string[] | undefined {
  if (rowAccessPolicies.length === 0) return undefined
  const granted = rowAccessPolicies.filter(({ grantees }) =>
    grantees.some((grantee) => includes(grantee, caller)),
  )
  return granted.some(isTrue) ? undefined : granted.map(({ filterPredicate }) => filterPredicate)
}

/** Refuses a grantee of which nobody here can know whether the caller is one. */
export function checkGrantee(grantee: string): void {
  if (/^(allUsers|allAuthenticatedUsers|(user|serviceAccount|domain):.+)$/.test(grantee)) return
  throw notSupported(`row access policies for ${grantee}`)
}

/** Refuses what BigQuery lets only those do who may see all rows, where its ways are not known. */
export function refuseRowAccess(table: Protected, what: string): void {
  if (!table.rowAccessPolicies?.length) return
  throw notSupported(`${what} ${nameOf(table.tableReference)}, which has row access policies`)
}

function includes(grantee: string, caller: string): boolean {
  if (grantee === 'allUsers' || grantee === 'allAuthenticatedUsers') return true
  const name = grantee.slice(grantee.indexOf(':') + 1).toLowerCase()
  if (grantee.startsWith('domain:')) return caller.toLowerCase().endsWith(`@${name}`)
  return caller.toLowerCase() === name
}

function isTrue({ filterPredicate }: RowAccessPolicy): boolean {
  return /^\s*true\s*$/i.test(filterPredicate)
}
