import { BigQueryError, notSupported } from '../../../bigquery-error.ts'
import { nameOf } from '../../../catalog/not-found.ts'
import type { RowAccessPolicy, Table } from '../../../catalog/resources.ts'
import { checkGrantee } from '../../../catalog/row-access.ts'
import { requireType } from '../../../catalog/tables.ts'
import type { Analysis } from '../../analyzer/analyzer.ts'
import type { ResolvedNode } from '../../analyzer/resolved-node.ts'
import { createModeOf } from './create-mode.ts'
import { outcomeOf, type Outcome } from '../outcome.ts'
import { existingTable, referenceOf, targetTable } from '../target.ts'
import type { WriteWork } from '../work.ts'

/** CREATE ROW ACCESS POLICY: kept with its table, whose readers it tells apart from then on. */
export async function createRowAccessPolicy(
  { change, catalog }: WriteWork,
  { statement }: Analysis,
): Promise<Outcome> {
  const scan = statement.node('tableScan')
  const table = existingTable(catalog, referenceOf((scan.message('table') as Named).fullName))
  const { tableReference, rowAccessPolicies = [] } = table
  requireType(table, ['TABLE'])
  if (tableReference.datasetId.startsWith('_')) {
    throw notSupported('row access policies of a temporary table')
  }
  const policyId = statement.text('name')
  const mode = createModeOf(statement)
  const filterPredicate = predicateOf(statement, scan)
  const grantees = statement.nodes('granteeExprList').map(granteeOf)
  statement.ignore('targetNamePath', 'granteeList')
  scan.ignore('columnList', 'alias')
  statement.assertRead()

  const ddlTargetRowAccessPolicy = { ...tableReference, policyId }
  const statementType = 'CREATE_ROW_ACCESS_POLICY'
  const before = rowAccessPolicies.find((policy) => policy.policyId === policyId)
  if (before && mode === 'ifNotExists') {
    return outcomeOf(statementType, { ddlOperationPerformed: 'SKIP', ddlTargetRowAccessPolicy })
  }
  if (before && mode === 'create') {
    const name = `${nameOf(tableReference)}.${policyId}`
    throw new BigQueryError('duplicate', `Already Exists: Row access policy ${name}`)
  }
  const time = new Date(catalog.now()).toISOString()
  const policy: RowAccessPolicy = {
    policyId,
    filterPredicate,
    grantees,
    creationTime: before?.creationTime ?? time,
    lastModifiedTime: time,
  }
  const others = rowAccessPolicies.filter((other) => other !== before)
  change.catalog.putTable({ ...table, rowAccessPolicies: [...others, policy] })
  return outcomeOf(statementType, {
    ddlOperationPerformed: before ? 'REPLACE' : 'CREATE',
    ddlTargetRowAccessPolicy,
  })
}

/** DROP ROW ACCESS POLICY, and DROP ALL ROW ACCESS POLICIES. */
export async function dropRowAccessPolicy(
  work: WriteWork,
  { statement }: Analysis,
): Promise<Outcome> {
  const reference = targetTable(work, statement.texts('targetNamePath'))
  const table = existingTable(work.catalog, reference)
  const { rowAccessPolicies = [] } = table
  const policyId = statement.text('name')
  const ifExists = statement.flag('isIfExists')
  const isAll = statement.flag('isDropAll')
  statement.assertRead()
  const statementType = 'DROP_ROW_ACCESS_POLICY'
  if (isAll) {
    putPolicies(work, table, [])
    return outcomeOf(statementType, {
      ddlOperationPerformed: 'DROP',
      ddlTargetTable: reference,
      ddlAffectedRowAccessPolicyCount: BigInt(rowAccessPolicies.length),
    })
  }
  const ddlTargetRowAccessPolicy = { ...reference, policyId }
  const others = rowAccessPolicies.filter((policy) => policy.policyId !== policyId)
  const name = `${nameOf(reference)}.${policyId}`
  if (others.length === rowAccessPolicies.length) {
    if (!ifExists) {
      throw new BigQueryError('notFound', `Not found: Row access policy ${name}`)
    }
    return outcomeOf(statementType, { ddlOperationPerformed: 'SKIP', ddlTargetRowAccessPolicy })
  }
  if (others.length === 0) {
    const message = `${name} is the last row access policy of its table: only DROP ALL ROW ACCESS POLICIES can drop it`
    throw new BigQueryError('invalidQuery', message, { location: 'query' })
  }
  putPolicies(work, table, others)
  return outcomeOf(statementType, { ddlOperationPerformed: 'DROP', ddlTargetRowAccessPolicy })
}

type Named = { fullName: string }

function putPolicies({ change }: WriteWork, table: Table, policies: RowAccessPolicy[]): void {
  const { rowAccessPolicies: _, ...rest } = table
  change.catalog.putTable(policies.length === 0 ? rest : { ...rest, rowAccessPolicies: policies })
}

/** The text of the condition, which the analyser found to be a BOOL. */
function predicateOf(statement: ResolvedNode, scan: ResolvedNode): string {
  const predicate = statement.message('predicate')
  if (JSON.stringify(predicate).includes('resolvedSubqueryExprNode')) {
    throw notSupported('row access policies with a subquery')
  }
  if (scan.columns().some(({ type }) => type.kind === 'JSON')) {
    throw notSupported('row access policies over a column of type JSON')
  }
  return statement.text('predicateStr')
}

function granteeOf(expression: ResolvedNode): string {
  expression.ignore('type', 'typeAnnotationMap')
  const { value } = expression.message('value') as { value?: { stringValue?: string } }
  if (expression.kind !== 'Literal' || value?.stringValue === undefined) {
    throw notSupported('GRANT TO what is no constant')
  }
  checkGrantee(value.stringValue)
  return value.stringValue
}
